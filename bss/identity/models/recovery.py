from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Recovery(models.Model):
    """帐号恢复: what two persons agreed on; the asker hands the way in over once (S59-1)."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recoveries"
    )
    approval = models.OneToOneField(
        "kernel.Approval", on_delete=models.PROTECT, related_name="recovery"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lost_second_factor = models.BooleanField("第二因子丢失")
    approved_at = models.DateTimeField("批准时间")
    valid_until = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("发放时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("staff")), name="nobody_recovers_themselves"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("valid_until")),
                name="a_recovery_is_used_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.approved_at:%Y-%m-%d}"
