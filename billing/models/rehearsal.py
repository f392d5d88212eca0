from typing import Any

from django.conf import settings
from django.db import models

from bss.kernel.sentences import read


class Rehearsal(models.Model):
    """试算: a month's close run through and undone, and what it would have brought (BIL-6).

    ``found`` and ``differences`` are the report; ``beyond`` the stored sentences of what passes the
    bounds. Without any the month may be closed; else once two persons have said so.
    """

    month = models.DateField("月份首日")
    at = models.DateTimeField("业务时间")
    took_ms = models.PositiveIntegerField("用时(毫秒)")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.JSONField("结果")
    differences = models.JSONField("差异最大的帐单", default=list)
    uncharged = models.JSONField("没有费用的用户", default=list)
    beyond = models.JSONField("超出阈值", default=list)
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["month", "-id"], name="rehearsals_of_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.at:%m-%d %H:%M}"

    @property
    def allows(self) -> bool:
        """Whether the month may be closed on it."""
        return not self.beyond or self.approved_at is not None

    @property
    def state(self) -> str:
        """The word of its badge."""
        if self.approved_at:
            return "approved"
        return "waiting" if self.beyond else "within"

    @property
    def sentences(self) -> list[Any]:
        """What is beyond the bounds; pages show it through ``said``."""
        return [read(kept) for kept in self.beyond]
