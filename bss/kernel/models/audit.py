from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """审计记录: who did or saw what, whom it concerned, when, from where and why. Never changed.

    The database refuses to change or delete a row and puts a keyed digest over its content into
    ``digest`` as it is written (migration ``audit_only_grows``).
    """

    class Kind(models.TextChoices):
        ACT = "act", "操作"
        READ = "read", "查看个人信息"
        CHANGE = "change", "数据变更"
        STEP = "step", "批处理"

    kind = models.CharField("类别", max_length=6, choices=Kind, default=Kind.ACT)
    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField(auto_now_add=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    action = models.CharField(max_length=60)
    subject = models.CharField("对象", max_length=80)
    customer_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    address = models.CharField("地址", max_length=45, blank=True)
    session = models.CharField("会话", max_length=12, blank=True)
    interface = models.CharField("接口编号", max_length=20, blank=True)
    detail = models.JSONField(default=dict)
    digest = models.BinaryField("摘要", default=b"", editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["staff", "-id"], name="audit_by_staff"),
            models.Index(
                fields=["customer_id", "-id"],
                name="audit_by_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["action", "-id"],
                name="audit_by_noun",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["address", "-id"],
                name="audit_by_address",
                condition=~models.Q(address=""),
            ),
            models.Index(fields=["at"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
