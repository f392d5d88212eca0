from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Transfer(models.Model):
    """余额转帐: cash of one account's public ledger that went into another's; reversible once."""

    key = models.CharField("幂等键", max_length=80, unique=True)
    digest = models.CharField("内容摘要", max_length=64)
    source = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="transfers_out"
    )
    target = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="transfers_in"
    )
    amount_fen = models.BigIntegerField()
    reason = models.ForeignKey("billing.Reason", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, related_name="transfer"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approval = models.OneToOneField(
        "kernel.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="transfer_is_positive"),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="transfer_goes_to_another_account"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As lists and pages call it."""
        return f"ZZ{self.pk:08d}"
