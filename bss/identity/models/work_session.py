from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WorkSession(models.Model):
    """登录会话: one sign-in at one place, from its beginning to its end and why it ended.

    The cookie's session is thrown away when it ends; this row stays and can tell its owner why.
    """

    class Ended(models.TextChoices):
        SIGNED_OUT = "signed_out", _("本人退出")
        ELSEWHERE = "elsewhere", _("在别处登录")
        IDLE = "idle", _("长时间没有操作")
        EXPIRED = "expired", _("到了最长时间")
        CLOSED = "closed", _("本人在别处结束")
        BY_OFFICER = "by_officer", _("安全管理员结束")
        DISABLED = "disabled", _("工号停用")

    class Means(models.TextChoices):
        PASSWORD = "password", _("密码")
        SECOND_FACTOR = "second_factor", _("密码和验证码")
        PASSKEY = "passkey", _("通行密钥")
        SINGLE_SIGN_ON = "single_sign_on", _("单点登录")

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="work_sessions"
    )
    session_key = models.CharField(max_length=40, unique=True)
    means = models.CharField("方式", max_length=16, choices=Means)
    address = models.CharField("地址", max_length=45)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    started_at = models.DateTimeField("开始")
    seen_at = models.DateTimeField("最近操作")
    idle_until = models.DateTimeField("闲置到期")
    ends_at = models.DateTimeField("最长到")
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    ended_why = models.CharField("原因", max_length=12, choices=Ended, blank=True)
    ended_from = models.CharField("从哪里结束", max_length=45, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(
                fields=["staff"], name="sessions_at_work", condition=Q(ended_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="an_end_has_its_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.address}"
