from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from billing.models.gateway import Gateway, GatewayOrder


class GatewayRefund(ConcurrentTransitionMixin, models.Model):
    """原路退款: money that a gateway is to send back to where it came from, until it says it did.

    It is on record, and stands on the ledger ``refund_payable``, before the gateway hears of it.
    Moments named ``…_at`` are business time, except ``done_at`` and ``look_after``: the gateway
    lives by the world's clock.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("网关办理中")
        DONE = "done", _("已原路退回")
        REFUSED = "refused", _("网关已拒绝")

    class Problem(models.TextChoices):
        NONE = "", ""
        SILENT = "silent", _("网关没有应答，系统会继续查询；同一笔退款只退一次。")
        SHORT = "short", _("我方在网关的余额不足，还没有退；请先充值，系统会自动再办。")
        TOO_OLD = "too_old", _("这笔交易已超过网关可以退款的期限，没有退；请改用转帐退款。")
        SAID_NO = "said_no", _("网关拒绝了这笔退款，没有退；请核对后改用转帐退款。")
        GIVEN_UP = "given_up", _("经办人不再向网关退款，没有退。")

    number = models.CharField("商户退款单号", max_length=64, unique=True)
    gateway = models.CharField(max_length=6, choices=Gateway)
    trade_number = models.CharField("商户订单号", max_length=64)
    order = models.ForeignKey(
        GatewayOrder, on_delete=models.PROTECT, null=True, related_name="refunds"
    )
    refund = models.OneToOneField(
        "billing.Refund", on_delete=models.PROTECT, null=True, related_name="at_gateway"
    )
    unidentified = models.ForeignKey(
        "billing.UnidentifiedPayment", on_delete=models.PROTECT, null=True, related_name="sent_back"
    )
    amount_fen = models.BigIntegerField()
    total_fen = models.BigIntegerField("交易金额")
    state = FSMField(max_length=7, choices=State.choices, default=State.WAITING, protected=True)
    asked_at = models.DateTimeField()
    look_after = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField("查询次数", default=0)
    done_at = models.DateTimeField("网关退款时间", null=True, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    problem = models.CharField(max_length=8, choices=Problem, default=Problem.NONE, blank=True)
    why = models.CharField("网关原话", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["gateway", "look_after"],
                condition=Q(state="waiting"),
                name="gateway_refunds_to_look_at",
            ),
            models.Index(fields=["gateway", "done_at"], name="gateway_refunds_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=models.F("total_fen")),
                name="no_more_goes_back_than_came",
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=False, unidentified__isnull=True)
                | Q(refund__isnull=True, unidentified__isnull=False),
                name="what_goes_back_was_somebodys_or_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True, done_at__isnull=True)
                | Q(state="done", settled_at__isnull=False, done_at__isnull=False)
                | Q(state="refused", settled_at__isnull=False, done_at__isnull=True),
                name="a_gateway_refund_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(state, source=State.WAITING, target=State.DONE)
    def finish(self, *, done_at: datetime, at: datetime) -> None:
        self.done_at, self.settled_at = done_at, at
        self.problem, self.why = self.Problem.NONE, ""

    @transition(state, source=State.WAITING, target=State.REFUSED)
    def refuse(self, *, problem: str, why: str, at: datetime) -> None:
        self.problem, self.why = problem, why[:200]
        self.settled_at = at
