from django.db import models


class Reason(models.Model):
    """办理原因: why money is moved by hand, in the operator's own words; retired, never deleted."""

    class Purpose(models.TextChoices):
        REFUND = "refund", "退款"
        TRANSFER = "transfer", "转帐"
        WRITE_OFF = "write_off", "坏帐核销"
        ADJUSTMENT = "adjustment", "调帐"

    purpose = models.CharField("用于", max_length=10, choices=Purpose)
    code = models.SlugField("代码", max_length=20)
    words = models.CharField("原因", max_length=40)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["purpose", "id"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "code"], name="one_reason_per_code")
        ]

    def __str__(self) -> str:
        return self.words
