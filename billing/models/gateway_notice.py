from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.gateway import Gateway, GatewayOrder


class GatewayNotice(models.Model):
    """支付通知: what came to the open door, by the digest of its body, and what was made of it."""

    class Verdict(models.TextChoices):
        BOOKED = "booked", _("已入帐")
        REPEATED = "repeated", _("重复通知")
        IGNORED = "ignored", _("不需处理")
        DISPUTED = "disputed", _("金额不符")
        FOREIGN = "foreign", _("没有这个订单")
        FORGED = "forged", _("验签失败")

    gateway = models.CharField(max_length=6, choices=Gateway)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField("首次收到")
    last_at = models.DateTimeField("最近收到")
    times = models.PositiveIntegerField(default=1)
    verdict = models.CharField(max_length=8, choices=Verdict)
    order = models.ForeignKey(
        GatewayOrder, on_delete=models.PROTECT, null=True, related_name="notices"
    )
    number = models.CharField("商户订单号", max_length=64, blank=True)
    trade_no = models.CharField("网关交易号", max_length=64, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "digest"], name="one_row_per_notice"),
            models.CheckConstraint(condition=Q(times__gte=1), name="a_notice_came"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.number} {self.verdict}"
