from django.conf import settings
from django.db import models


class WatchSetting(models.Model):
    """预警规则参数: one version of one rule's thresholds; the newest is in force, all are kept."""

    rule = models.CharField(max_length=20)
    active = models.BooleanField("启用", default=True)
    threshold = models.PositiveIntegerField("次数")
    window_minutes = models.PositiveIntegerField("时间窗(分钟)")
    from_time = models.TimeField("起", null=True, blank=True)
    until_time = models.TimeField("止", null=True, blank=True)
    reason = models.CharField("调整原因", max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["rule", "-id"], name="watch_in_force")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold__gte=1, window_minutes__gte=1),
                name="a_watch_counts_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.threshold}/{self.window_minutes}"


class WatchMark(models.Model):
    """预警进度: up to which place of the audit chain the rules have looked."""

    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.seq)
