from django.conf import settings
from django.db import models


class ApiCall(models.Model):
    """接口调用: a POST that was answered under a caller's Idempotency-Key, with its answer."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    caller = models.CharField("调用方", max_length=60, blank=True)
    path = models.CharField(max_length=200)
    key = models.CharField("幂等键", max_length=120)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(default=dict)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField("业务时间")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "caller", "path", "key"], name="one_call_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
