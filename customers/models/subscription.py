from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.watched import Watched


class _Span(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def no_overlap(name: str, *columns: str) -> ExclusionConstraint:
    """Dated rows of the same columns are half-open and never overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in columns),
            (_Span(F("valid_from"), F("valid_until"), RangeBoundary()), RangeOperators.OVERLAPS),
        ],
    )


class Service(models.TextChoices):
    """业务类型: what a subscription is."""

    FIXED = "fixed", "固定电话"
    BROADBAND = "broadband", "宽带"
    M2G = "m2g", "2G"
    M3G = "m3g", "3G"


class Subscription(ConcurrentTransitionMixin, models.Model):
    """用户: one line, broadband or mobile in the network; its state lives here."""

    class State(models.TextChoices):
        PENDING = "pending", "待装"
        ACTIVE = "active", "在用"
        ON_HOLD = "on_hold", "停机保号"
        SUSPENDED = "suspended", "停机"
        PRE_TERMINATED = "pre_terminated", "预销号"
        TERMINATED = "terminated", "已销号"

    class Line(models.TextChoices):
        ENTERPRISE = "enterprise", "单位电话"
        PERSONAL = "personal", "住宅电话"
        DID = "did", "DID/BID"
        ISDN = "isdn", "ISDN"

    class Payment(models.TextChoices):
        POSTPAID = "postpaid", "后付费"
        PREPAID = "prepaid", "预付费"

    class StopReason(models.TextChoices):
        NONE = "", "—"
        DEBT = "debt", "欠费停机"
        BLACKLIST = "blacklist", "黑名单停机"

    owner = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="subscriptions"
    )
    service = models.CharField(max_length=9, choices=Service)
    number = models.CharField("业务号码", max_length=20, db_index=True)
    area = models.CharField("归属地", max_length=4)
    line = models.CharField(max_length=10, choices=Line, default=Line.ENTERPRISE)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.POSTPAID)
    real_name = models.BooleanField("已实名", default=True)
    state = FSMField(
        max_length=14, choices=State.choices, default=State.PENDING, protected=True, db_index=True
    )
    stop_reason = models.CharField(
        max_length=9, choices=StopReason, default=StopReason.NONE, blank=True
    )
    speed_kbps = models.PositiveIntegerField(null=True, blank=True)
    static_ip = models.BooleanField(default=False)
    long_distance = models.BooleanField("长途权限", default=False)
    install_address = SealedTextField("装机地址", blank=True, key="owner.data_key_id")
    term_ends_on = models.DateField("趸交到期日", null=True, blank=True)
    in_service_at = models.DateTimeField("开通时间", null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    pre_terminated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [Watched(customer="r.owner_id", masked=("number",))]
        indexes = [models.Index(fields=["owner", "id"], name="subscriptions_of_an_owner")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="suspended") | ~Q(stop_reason=""),
                name="suspended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "terminated"]) | Q(in_service_at__isnull=False),
                name="in_service_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False),
                name="suspended_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="pre_terminated") | Q(pre_terminated_at__isnull=False),
                name="pre_terminated_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="terminated") | Q(ended_at__isnull=False),
                name="terminated_says_when",
            ),
            sealed_or_empty("install_address", name="install_address_is_sealed"),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(state, source=State.PENDING, target=State.ACTIVE)
    def install(self, *, at: datetime) -> None:
        self.in_service_at = at

    @transition(state, source=State.ACTIVE, target=State.ON_HOLD)
    def hold(self, *, at: datetime) -> None:
        pass

    @transition(state, source=[State.ON_HOLD, State.SUSPENDED], target=State.ACTIVE)
    def resume(self, *, at: datetime) -> None:
        self.stop_reason = ""
        self.suspended_at = None

    @transition(state, source=State.ACTIVE, target=State.SUSPENDED)
    def suspend(self, *, at: datetime, reason: str) -> None:
        self.stop_reason = reason
        self.suspended_at = at

    @transition(state, source=State.SUSPENDED, target=State.PRE_TERMINATED)
    def pre_terminate(self, *, at: datetime) -> None:
        self.pre_terminated_at = at

    @transition(
        state,
        source=[
            State.PENDING,
            State.ACTIVE,
            State.ON_HOLD,
            State.SUSPENDED,
            State.PRE_TERMINATED,
        ],
        target=State.TERMINATED,
    )
    def terminate(self, *, at: datetime) -> None:
        self.ended_at = at


class SubscriptionState(models.Model):
    """状态历史: which state a subscription was in, from when to when."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="state_history"
    )
    state = models.CharField(max_length=14, choices=Subscription.State.choices)
    stop_reason = models.CharField(max_length=9, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "valid_from"]
        constraints = [no_overlap("one_state_at_a_time", "subscription")]

    def __str__(self) -> str:
        return f"{self.subscription} {self.state}"


class NumberAssignment(models.Model):
    """号码占用: which subscription had a number, from when to when."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="number_history"
    )
    number = models.CharField(max_length=20)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number", "valid_from"]
        constraints = [no_overlap("one_holder_of_a_number", "number")]

    def __str__(self) -> str:
        return self.number


class Ownership(models.Model):
    """所有权历史: whose a subscription was, from when to when (ACC-8)."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="owner_history"
    )
    owner = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "valid_from"]
        constraints = [no_overlap("one_owner_at_a_time", "subscription")]

    def __str__(self) -> str:
        return f"{self.subscription} {self.owner}"
