from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.gateway import Gateway, GatewayOrder


class Reconciliation(models.Model):
    """网关对帐: one day of a gateway by its own statement, against ours; each day once."""

    gateway = models.CharField(max_length=6, choices=Gateway)
    day = models.DateField("对帐日")
    checksum = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=120)
    fetched = models.BooleanField("自动取回")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rows = models.PositiveIntegerField("对帐单笔数")
    paid_fen = models.BigIntegerField("对帐单收款")
    refunded_fen = models.BigIntegerField("对帐单退款")

    class Meta:
        ordering = ["-day", "gateway"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "day"], name="one_statement_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.day}"


class ReconciliationLine(models.Model):
    """对帐明细: one trade as the gateway states it and as our books have it."""

    class Kind(models.TextChoices):
        MATCHED = "matched", _("一致")
        OURS_ONLY = "ours", _("仅我方有")
        THEIRS_ONLY = "theirs", _("仅网关有")
        DIFFERENT = "amount", _("金额不同")
        UNREADABLE = "bad", _("无法读取")

    class Action(models.TextChoices):
        NONE = "", _("待处理")
        BOOKED = "booked", _("已补记")
        AGREED = "agreed", _("查询后一致")
        REVERSED = "reversed", _("已冲正")
        NOTED = "noted", _("已说明")
        HELD = "held", _("已挂不明来款")

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.PROTECT, related_name="lines"
    )
    line_no = models.PositiveIntegerField("文件行号", null=True)
    kind = models.CharField(max_length=7, choices=Kind)
    refund = models.BooleanField("退款", default=False)
    number = models.CharField("商户订单号", max_length=64, blank=True)
    trade_no = models.CharField("网关交易号", max_length=64, blank=True)
    refund_number = models.CharField(
        "商户退款单号", max_length=64, blank=True, default="", db_default=""
    )
    theirs_fen = models.BigIntegerField("网关金额", null=True)
    ours_fen = models.BigIntegerField("我方金额", null=True)
    paid_at = models.DateTimeField("支付时间", null=True)
    order = models.ForeignKey(GatewayOrder, on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(
        "billing.Payment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    back = models.ForeignKey(
        "billing.GatewayRefund", on_delete=models.PROTECT, null=True, related_name="+"
    )
    unidentified = models.ForeignKey(
        "billing.UnidentifiedPayment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    raw = models.CharField("原文", max_length=400, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=8, choices=Action, default=Action.NONE, blank=True)
    note = models.CharField(max_length=200, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["reconciliation", "kind"],
                condition=Q(action="") & ~Q(kind="matched"),
                name="differences_to_settle",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "line_no"], name="one_row_per_statement_line"
            ),
            models.CheckConstraint(
                condition=Q(action="", done_at__isnull=True)
                | ~Q(action="") & Q(done_at__isnull=False),
                name="what_is_settled_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind="matched") | Q(action=""), name="what_agrees_needs_no_action"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reconciliation} {self.number} {self.kind}"
