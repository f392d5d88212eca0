from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class NetworkOrder(ConcurrentTransitionMixin, models.Model):
    """停复机指令: what the network is to do because a subscription's state has changed.

    Nobody accepted it, so it is no work order of an order: billing stops and resumes, and this
    carries it to the platform. One for each change; the changes of a subscription stay in order.
    """

    class State(models.TextChoices):
        READY = "ready", "待执行"
        RUNNING = "running", "执行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已被替代"

    class Type(models.TextChoices):
        STOP = "stop", "停机"
        RESTORE = "restore", "复机"
        REMOVE = "remove", "预销号"

    change = models.OneToOneField(
        "customers.SubscriptionState", on_delete=models.PROTECT, related_name="network_order"
    )
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="network_orders"
    )
    type = models.CharField(max_length=7, choices=Type)
    reason = models.CharField("停机原因", max_length=9, blank=True)
    state = FSMField(
        max_length=9, choices=State.choices, default=State.READY, protected=True, db_index=True
    )
    asked_at = models.DateTimeField("状态变更时间")
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField("下次执行不早于", null=True, blank=True)

    class Meta:
        ordering = ["-change"]
        indexes = [
            models.Index(
                fields=["subscription", "change"],
                name="network_orders_to_do",
                condition=Q(state__in=["ready", "running"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False),
                name="network_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subscription}"

    @transition(state, source=[State.READY, State.RUNNING], target=State.RUNNING)
    def claim(self, *, until: datetime) -> None:
        self.due_at = until

    @transition(state, source=State.RUNNING, target=State.DONE)
    def finish(self, *, at: datetime) -> None:
        self.done_at = at
        self.last_error = ""

    @transition(state, source=State.RUNNING, target=State.READY)
    def postpone(self, *, error: str, until: datetime) -> None:
        self.last_error = error
        self.due_at = until

    @transition(state, source=State.RUNNING, target=State.FAILED)
    def fail(self, *, error: str) -> None:
        self.last_error = error

    @transition(state, source=State.FAILED, target=State.READY)
    def try_again(self) -> None:
        self.attempts = 0
        self.due_at = None

    @transition(state, source=[State.READY, State.FAILED], target=State.CANCELLED)
    def supersede(self) -> None:
        pass
