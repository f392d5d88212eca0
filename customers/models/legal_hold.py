from django.conf import settings
from django.db import models


class LegalHold(models.Model):
    """法律保留: why a customer's data must be kept for now, whatever periods or wishes say."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason = models.CharField("原因", max_length=200)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    placed_at = models.DateTimeField()
    until = models.DateField("保留至", null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["customer"],
                condition=models.Q(lifted_at__isnull=True),
                name="legal_holds_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.reason
