from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Order(ConcurrentTransitionMixin, models.Model):
    """订单: accepted business, parsed into work orders; it always has a source (S85-2)."""

    class Type(models.TextChoices):
        OPEN_BUNDLE = "open_bundle", "开通融合套餐"
        CHANGE_BUNDLE = "change_bundle", "变更融合套餐"
        CANCEL_BUNDLE = "cancel_bundle", "解除融合套餐"
        HOLD = "hold", "停机保号"
        RESUME = "resume", "复机"
        CHANGE_PLAN = "change_plan", "变更套餐"
        CHANGE_NUMBER = "change_number", "改号"
        REPLACE_SIM = "replace_sim", "补换卡"
        TRANSFER = "transfer", "过户"
        OPEN_VAS = "open_vas", "开通增值业务"
        CLOSE_VAS = "close_vas", "关闭增值业务"
        TERMINATE = "terminate", "拆机销户"

    class State(models.TextChoices):
        ACCEPTED = "accepted", "已受理"
        IN_PROGRESS = "in_progress", "施工中"
        COMPLETED = "completed", "已竣工"
        CANCELLED = "cancelled", "已撤销"

    code = models.CharField("订单号", max_length=40, unique=True)
    type = models.CharField(max_length=14, choices=Type)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="orders"
    )
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="orders")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="orders"
    )
    state = FSMField(
        max_length=11, choices=State.choices, default=State.ACCEPTED, protected=True, db_index=True
    )
    bundle = models.ForeignKey(
        "packages_wo.Bundle", on_delete=models.PROTECT, null=True, related_name="orders"
    )
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, null=True, related_name="orders"
    )
    request = models.JSONField("受理内容", default=dict)
    documents_shown = ArrayField(models.CharField(max_length=26), default=list)
    accepted_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by_rule = models.CharField(max_length=8, blank=True)
    form_key = models.CharField("表单幂等键", max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["customer", "-id"], name="orders_of_a_customer")]
        constraints = [
            models.UniqueConstraint(
                fields=["form_key"], condition=~Q(form_key=""), name="one_order_per_form"
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_at__isnull=False),
                name="completed_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_by_rule=""),
                name="cancelled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(state, source=State.ACCEPTED, target=State.IN_PROGRESS)
    def begin(self) -> None:
        pass

    @transition(state, source=[State.ACCEPTED, State.IN_PROGRESS], target=State.COMPLETED)
    def complete(self, *, at: datetime) -> None:
        self.completed_at = at

    @transition(state, source=[State.ACCEPTED, State.IN_PROGRESS], target=State.CANCELLED)
    def cancel(self, *, at: datetime, rule: str) -> None:
        self.cancelled_at = at
        self.cancelled_by_rule = rule


class WorkOrder(ConcurrentTransitionMixin, models.Model):
    """工单: one thing to do for one subscription; the orders of one order form a graph (PAR-11)."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待前序"
        READY = "ready", "待施工"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已撤销"

    class Type(models.TextChoices):
        RESERVE_RESOURCE = "reserve_resource", "资源预占"
        INSTALL = "install", "装机开户"
        CHANGE_PLAN = "change_plan", "变更套餐"
        CHANGE_SPEED = "change_speed", "变更速率"
        STATIC_IP = "static_ip", "配置静态 IP"
        REMOVE_STATIC_IP = "remove_static_ip", "取消静态 IP"
        OPEN_VAS = "open_vas", "开通增值业务"
        CHANGE_VAS = "change_vas", "变更增值业务"
        CLOSE_VAS = "close_vas", "关闭增值业务"
        ENABLE_LDD = "enable_ldd", "开通国内长途"
        JOIN_VPN = "join_vpn", "加入 VPN"
        LEAVE_VPN = "leave_vpn", "退出 VPN"
        MERGE_ACCOUNT = "merge_account", "合帐"
        SPLIT_ACCOUNT = "split_account", "分帐"
        HOLD = "hold", "停机保号"
        RESUME = "resume", "复机"
        CHANGE_NUMBER = "change_number", "改号"
        REPLACE_SIM = "replace_sim", "补换卡"
        TRANSFER = "transfer", "过户"
        TERMINATE = "terminate", "拆机销户"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="work_orders")
    position = models.PositiveIntegerField()
    type = models.CharField(max_length=16, choices=Type)
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="work_orders"
    )
    product = models.CharField("增值产品", max_length=30, blank=True)
    rule = models.CharField("规则", max_length=8, blank=True)
    manual = models.BooleanField("人工施工", default=False)
    state = FSMField(
        max_length=9, choices=State.choices, default=State.WAITING, protected=True, db_index=True
    )
    after = models.ManyToManyField("self", symmetrical=False, related_name="before", blank=True)
    detail = models.JSONField("施工内容", default=dict)
    appointment_from = models.DateTimeField(null=True, blank=True)
    appointment_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    retry_after = models.DateTimeField("下次执行不早于", null=True, blank=True)

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_work_order_per_place"),
            models.UniqueConstraint(
                fields=["order", "type", "subscription", "product"], name="one_work_order_per_name"
            ),
        ]
        indexes = [models.Index(fields=["state", "manual", "id"], name="work_orders_to_do")]

    def __str__(self) -> str:
        return f"{self.type} {self.subscription} {self.product}".strip()

    @transition(state, source=State.WAITING, target=State.READY)
    def make_ready(self) -> None:
        pass

    @transition(state, source=[State.READY, State.FAILED], target=State.DONE)
    def finish(self, *, at: datetime, by_id: int | None = None) -> None:
        self.done_at = at
        self.done_by_id = by_id
        self.last_error = ""

    @transition(state, source=State.READY, target=State.FAILED)
    def fail(self, *, error: str) -> None:
        self.last_error = error

    @transition(state, source=State.FAILED, target=State.READY)
    def try_again(self) -> None:
        self.attempts = 0
        self.retry_after = None

    @transition(state, source=[State.WAITING, State.READY, State.FAILED], target=State.CANCELLED)
    def cancel(self) -> None:
        pass
