from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """审计记录: who did or saw what, whom it concerned, when, from where and why. Never changed."""

    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField(auto_now_add=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField("对象", max_length=80)
    customer_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
