from datetime import datetime

from django.conf import settings
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Case(ConcurrentTransitionMixin, models.Model):
    """案件: one matter of a customer; who took it first owns it until it is closed (CARE-3)."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", "已受理"
        DISPATCHED = "dispatched", "已派单"
        REPLIED = "replied", "已回复"
        CALLED_BACK = "called_back", "已回访"
        CLOSED = "closed", "已归档"

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "投诉"
        ENQUIRY = "enquiry", "咨询"
        FAULT = "fault", "故障申告"
        SUGGESTION = "suggestion", "建议"

    class Hotline(models.TextChoices):
        PERSONAL = "10010", "10010 个人"
        COMPANY = "10019", "10019 集团"

    code = models.CharField("案件编号", max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="cases"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    hotline = models.CharField(max_length=5, choices=Hotline)
    subject = models.CharField("主题", max_length=80)
    description = models.TextField("诉求")
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    state = FSMField(
        max_length=11, choices=State.choices, default=State.ACCEPTED, protected=True, db_index=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_cases"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_cases",
    )
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bill_line = models.ForeignKey(
        "billing.BillLine", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    accepted_at = models.DateTimeField()
    due_at = models.DateTimeField("限时办结")
    closed_at = models.DateTimeField(null=True, blank=True)
    times_reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return self.code

    @transition(state, source=State.ACCEPTED, target=State.DISPATCHED)
    def dispatch(self, *, handler_id: int) -> None:
        self.handler_id = handler_id

    @transition(state, source=[State.ACCEPTED, State.DISPATCHED], target=State.REPLIED)
    def reply(self) -> None:
        pass

    @transition(state, source=State.REPLIED, target=State.CALLED_BACK)
    def call_back(self) -> None:
        pass

    @transition(state, source=State.CALLED_BACK, target=State.CLOSED)
    def close(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(
        state, source=[State.REPLIED, State.CALLED_BACK, State.CLOSED], target=State.ACCEPTED
    )
    def reopen(self) -> None:
        self.closed_at = None
        self.times_reopened += 1


class CaseStep(models.Model):
    """案件轨迹: what happened to a case, in order; append-only."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    action = models.CharField(max_length=16)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.action}"
