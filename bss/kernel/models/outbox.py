from django.db import models


class OutboxEvent(models.Model):
    """What happened, for whoever is above: written in the transaction that made it happen."""

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField("业务时间")
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_after = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="outbox_waiting", condition=models.Q(handled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.payload}"
