from typing import Any

from django.db import models
from django.db.models import Q

from bss.kernel.sentences import read


class UnbilledAccount(models.Model):
    """未出帐帐户: one that a month's close set aside because its bill would have been wrong.

    A later run of the month bills it (BIL-6); ``why`` is a stored sentence.
    """

    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="+")
    month = models.DateField("月份首日")
    why = models.JSONField("原因")
    parked_at = models.DateTimeField("搁置时间")
    billed_at = models.DateTimeField("补出时间", null=True, blank=True)

    class Meta:
        ordering = ["month", "account"]
        constraints = [
            models.UniqueConstraint(fields=["month", "account"], name="parked_once_a_month")
        ]
        indexes = [
            models.Index(
                fields=["month"], name="still_unbilled", condition=Q(billed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"

    @property
    def sentence(self) -> Any:
        """In the reader's language through ``said``."""
        return read(self.why)
