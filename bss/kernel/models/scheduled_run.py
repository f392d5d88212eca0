from django.db import models


class ScheduledRun(models.Model):
    """定时任务执行: one occurrence of a scheduled job, by the business clock; done once."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField("业务时间")
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_after = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-due_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="one_run_per_occurrence")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"
