from django.conf import settings
from django.db import models
from django.db.models import Q


class WriteOff(models.Model):
    """坏帐核销: debts of an account given up by two persons; what was earned stays earned."""

    key = models.CharField("幂等键", max_length=80, unique=True)
    digest = models.CharField("内容摘要", max_length=64)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="write_offs"
    )
    amount_fen = models.BigIntegerField()
    reason = models.ForeignKey("billing.Reason", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, related_name="write_off"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField("kernel.Approval", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="write_off_is_positive")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As lists and pages call it."""
        return f"HX{self.pk:08d}"


class WriteOffPart(models.Model):
    """核销帐单: what of one bill was given up."""

    write_off = models.ForeignKey(WriteOff, on_delete=models.PROTECT, related_name="parts")
    bill = models.ForeignKey(
        "billing.Bill", on_delete=models.PROTECT, related_name="write_off_parts"
    )
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["write_off", "bill"], name="a_bill_once_in_a_write_off"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="write_off_part_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill} {self.amount_fen}"


class Recovery(models.Model):
    """收回坏帐: a payment on what had been written off."""

    write_off = models.ForeignKey(WriteOff, on_delete=models.PROTECT, related_name="recoveries")
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, related_name="recovery"
    )
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, related_name="recovery"
    )
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="recovery_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.write_off} {self.amount_fen}"
