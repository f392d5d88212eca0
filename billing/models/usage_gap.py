from django.conf import settings
from django.db import models
from django.db.models import F, Q


class UsageGap(models.Model):
    """话单缺号: files ``first`` to ``last`` of a switch that have not come, though later ones have.

    An alarm: it ends by itself when the files come, or by a person who says why they never will.
    """

    class State(models.TextChoices):
        OPEN = "open", "未到"
        CAME = "came", "已补到"
        EXCUSED = "excused", "已说明"

    switch = models.CharField("交换机", max_length=40)
    first = models.PositiveBigIntegerField("起始序号")
    last = models.PositiveBigIntegerField("终止序号")
    state = models.CharField("状态", max_length=7, choices=State, default=State.OPEN)
    found_at = models.DateTimeField("发现时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["switch", "first"], name="usage_gaps_by_switch")]
        constraints = [
            models.UniqueConstraint(
                fields=["switch", "first"], condition=Q(state="open"), name="one_alarm_per_gap"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="a_gap_goes_upwards"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state="came", ended_at__isnull=False)
                | Q(state="excused", ended_at__isnull=False, ended_by__isnull=False)
                & ~Q(reason=""),
                name="a_gap_says_how_it_ended",
            ),
        ]

    def __str__(self) -> str:
        files = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.switch} {files}"

    @property
    def files(self) -> int:
        """How many files are missing."""
        return self.last - self.first + 1
