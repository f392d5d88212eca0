from django.db import models


class BatchRun(models.Model):
    """批处理: one run of one kind for one key (a month, a day, a file); at most one per key."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        PAUSED = "paused", "已暂停"
        DONE = "done", "已完成"
        FAILED = "failed", "有步骤搁置"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    at = models.DateTimeField("业务时间")
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_run_per_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class BatchStep(models.Model):
    """批处理步骤: one step on one shard; claimed with SKIP LOCKED, done in one transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已完成"
        FAILED = "failed", "失败，将重试"
        PARKED = "parked", "已搁置"

    run = models.ForeignKey(BatchRun, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    shard = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField("下次重试", null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    host = models.CharField("主机", max_length=64, blank=True)
    report = models.JSONField(default=dict)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "position", "shard"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position", "shard"], name="one_step_per_position_and_shard"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.name}/{self.shard}"
