from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Gateway(models.TextChoices):
    """支付网关: an outside world that takes money for the house against a QR code."""

    ALIPAY = "alipay", _("支付宝")
    WECHAT = "wechat", _("微信支付")


class GatewayOrder(ConcurrentTransitionMixin, models.Model):
    """扫码订单: a QR code for one amount of one account; paid at most once.

    Moments named ``…_at`` are business time, except ``paid_at``, ``expires_at`` and
    ``look_after``: the gateway lives by the world's clock.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待支付")
        PAID = "paid", _("已支付")
        CLOSED = "closed", _("已关闭")
        DISPUTED = "disputed", _("金额不符")

    number = models.CharField("商户订单号", max_length=32, unique=True)
    key = models.CharField("幂等键", max_length=80, unique=True)
    gateway = models.CharField(max_length=6, choices=Gateway)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="gateway_orders"
    )
    amount_fen = models.BigIntegerField()
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = FSMField(max_length=8, choices=State.choices, default=State.OPEN, protected=True)
    code_url = models.CharField("二维码内容", max_length=512, blank=True)
    look_after = models.DateTimeField()
    looks = models.PositiveSmallIntegerField("查询次数", default=0)
    trade_no = models.CharField("网关交易号", max_length=64, blank=True)
    paid_fen = models.BigIntegerField(null=True, blank=True)
    paid_at = models.DateTimeField("网关支付时间", null=True, blank=True)
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, null=True, related_name="gateway_order"
    )
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    late = models.BooleanField("关闭后到帐", default=False)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["look_after"],
                condition=Q(state="open"),
                name="gateway_orders_to_look_at",
            ),
            models.Index(fields=["gateway", "paid_at"], name="gateway_orders_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="qr_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", payment__isnull=False, paid_fen__gt=0)
                | ~Q(state="paid") & Q(payment__isnull=True),
                name="a_paid_order_has_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen__isnull=True, paid_at__isnull=True)
                | Q(paid_fen__isnull=False, paid_at__isnull=False),
                name="money_at_the_gateway_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["gateway", "trade_no"],
                condition=~Q(trade_no=""),
                name="one_order_per_trade",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def payment_key(self) -> str:
        """The idempotency key of its payment: whoever books it, books it under this one."""
        return f"{self.gateway}:{self.number}"

    @transition(state, source=[State.OPEN, State.CLOSED, State.DISPUTED], target=State.PAID)
    def pay(self, *, payment_id: int, at: datetime) -> None:
        """The money is booked; what comes after the closing is booked too, and marked."""
        self.late = self.state == self.State.CLOSED
        self.payment_id = payment_id
        self.settled_at = at

    @transition(state, source=State.OPEN, target=State.CLOSED)
    def close(self, *, at: datetime, problem: str = "") -> None:
        self.settled_at = at
        self.problem = problem

    @transition(state, source=[State.OPEN, State.CLOSED], target=State.DISPUTED)
    def dispute(self) -> None:
        """Another amount than asked came in; a person decides."""
