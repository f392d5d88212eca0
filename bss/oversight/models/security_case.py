from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class SecurityCase(ConcurrentTransitionMixin, models.Model):
    """安全案件: what a rule noticed about one person or place, until somebody has seen into it."""

    class State(models.TextChoices):
        OPEN = "open", _("待核查")
        UNDER_REVIEW = "under_review", _("核查中")
        CONFIRMED = "confirmed", _("属实")
        DISMISSED = "dismissed", _("排除")

    rule = models.CharField("预警规则", max_length=20)
    whom = models.CharField("对象", max_length=80)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="security_cases",
    )
    state = FSMField(
        max_length=12, choices=State.choices, default=State.OPEN, protected=True, db_index=True
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    last_hit_at = models.DateTimeField("最近命中")
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "whom"],
                condition=Q(state__in=["open", "under_review"]),
                name="one_living_case_per_rule_and_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "under_review"], concluded_at__isnull=True)
                | Q(state__in=["confirmed", "dismissed"], concluded_at__isnull=False),
                name="concluded_says_when",
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True)
                | Q(assignee__isnull=True)
                | ~Q(staff=models.F("assignee")),
                name="nobody_reviews_their_own_case",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"SEC-{self.pk:06d}"

    @transition(state, source=[State.OPEN, State.UNDER_REVIEW], target=State.UNDER_REVIEW)
    def review(self, *, assignee_id: int) -> None:
        self.assignee_id = assignee_id

    @transition(state, source=State.UNDER_REVIEW, target=State.CONFIRMED)
    def confirm(self, *, at: datetime) -> None:
        self.concluded_at = at

    @transition(state, source=State.UNDER_REVIEW, target=State.DISMISSED)
    def dismiss(self, *, at: datetime) -> None:
        self.concluded_at = at


class SecurityEvidence(models.Model):
    """证据: one audit entry that a rule counted; it is evidence of that rule once and for all."""

    case = models.ForeignKey(SecurityCase, on_delete=models.PROTECT, related_name="evidence")
    rule = models.CharField(max_length=20)
    entry_id = models.BigIntegerField("审计记录")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["entry_id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "entry_id"], name="an_entry_is_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.entry_id}"


class SecurityStep(models.Model):
    """核查轨迹: what was done about a security case, in order."""

    class Action(models.TextChoices):
        OPEN = "open", _("预警")
        HIT = "hit", _("再次命中")
        REVIEW = "review", _("分派核查")
        NOTE = "note", _("备注")
        CONFIRM = "confirm", _("认定属实")
        DISMISS = "dismiss", _("排除")

    case = models.ForeignKey(SecurityCase, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=8, choices=Action)
    text = models.CharField(max_length=400, blank=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case} {self.action}"
