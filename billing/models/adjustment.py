from django.conf import settings
from django.db import models
from django.db.models import Q


class Adjustment(models.Model):
    """调帐: a correction of a closed month, as charges of the next bill, by two persons (BIL-7).

    Negative is to the customer's favour. Its charges carry it, one per rate of VAT. By hand an
    approval is of one; a re-rating has many under its own.
    """

    key = models.CharField("幂等键", max_length=80, unique=True)
    digest = models.CharField("内容摘要", max_length=64)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="adjustments"
    )
    bill_line = models.ForeignKey(
        "billing.BillLine", on_delete=models.PROTECT, null=True, related_name="adjustments"
    )
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="adjustments"
    )
    amount_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField("其中税额")
    month = models.DateField("记入月份")
    reason = models.ForeignKey("billing.Reason", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey("kernel.Approval", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "month"], name="adjustments_of_a_bill")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="adjustment_is_not_zero")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As its paper is numbered."""
        return f"TZ{self.pk:08d}"
