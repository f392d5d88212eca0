from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Case(ConcurrentTransitionMixin, models.Model):
    """案件: one matter of a customer; who took it first owns it until it is closed (CARE-3)."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("已受理")
        DISPATCHED = "dispatched", _("已派单")
        REPLIED = "replied", _("已回复")
        CALLED_BACK = "called_back", _("已回访")
        CLOSED = "closed", _("已归档")

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        ENQUIRY = "enquiry", _("咨询")
        FAULT = "fault", _("故障申告")
        SUGGESTION = "suggestion", _("建议")

    class Hotline(models.TextChoices):
        PERSONAL = "10010", _("10010 个人")
        COMPANY = "10019", _("10019 集团")

    code = models.CharField("案件编号", max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="cases"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    category = models.CharField("类别", max_length=20)
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
    warns_at = models.DateTimeField("临期提醒")
    due_at = models.DateTimeField("限时办结")
    closed_at = models.DateTimeField(null=True, blank=True)
    times_reopened = models.PositiveSmallIntegerField("重开次数", default=0)
    form_key = models.CharField("表单幂等键", max_length=64, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="open_cases_by_due", condition=~Q(state="closed")
            ),
            models.Index(fields=["customer", "-id"], name="cases_of_a_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form_key"], condition=~Q(form_key=""), name="one_case_per_form"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="closed_says_when",
            ),
            models.CheckConstraint(condition=Q(warns_at__lte=F("due_at")), name="warns_before_due"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def warn_s(self) -> int:
        """How many seconds before it is due the case begins to warn."""
        return int((self.due_at - self.warns_at).total_seconds())

    @transition(state, source=[State.ACCEPTED, State.DISPATCHED], target=State.DISPATCHED)
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
    def reopen(self, *, warns_at: datetime, due_at: datetime) -> None:
        self.warns_at = warns_at
        self.due_at = due_at
        self.closed_at = None
        self.times_reopened += 1


class CaseStep(models.Model):
    """案件轨迹: what happened to a case, in order; append-only."""

    class Action(models.TextChoices):
        ACCEPT = "accept", _("受理")
        DISPATCH = "dispatch", _("派单")
        NOTE = "note", _("备注")
        REPLY = "reply", _("回复")
        CALL_BACK = "call_back", _("回访")
        CLOSE = "close", _("归档")
        REOPEN = "reopen", _("重开")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=16, choices=Action)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.action}"
