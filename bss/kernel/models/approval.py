from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Approval(ConcurrentTransitionMixin, models.Model):
    """审批: one act that waits for a second person (金库模式); approved means: it was done."""

    class State(models.TextChoices):
        ASKED = "asked", "待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "已驳回"
        EXPIRED = "expired", "已过期"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("种类", max_length=60)
    payload = models.JSONField("要做的事")
    shown = models.JSONField("给审批人看的内容")
    digest = models.CharField("内容摘要", max_length=64)
    reason = models.CharField("申请原因", max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals_asked"
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField("审批时限")
    state = FSMField(
        max_length=9, choices=State.choices, default=State.ASKED, protected=True, db_index=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approvals_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField("审批意见", max_length=200, blank=True)
    problem = models.CharField("未能执行的原因", max_length=400, blank=True)
    result = models.JSONField("执行结果", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["expires_at"], name="approvals_waiting", condition=Q(state="asked")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state__in=["approved", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(
                    state__in=["expired", "withdrawn"],
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                ),
                name="a_decision_has_its_person",
            ),
            models.UniqueConstraint(
                fields=["kind", "asked_by", "digest"],
                condition=Q(state="asked"),
                name="the_same_is_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @transition(state, source=State.ASKED, target=State.APPROVED)
    def approve(self, *, by_id: int, at: datetime) -> None:
        self.decided_by_id = by_id
        self.decided_at = at

    @transition(state, source=State.ASKED, target=State.REFUSED)
    def refuse(self, *, by_id: int, at: datetime) -> None:
        self.decided_by_id = by_id
        self.decided_at = at

    @transition(state, source=State.ASKED, target=State.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        self.decided_at = at

    @transition(state, source=State.ASKED, target=State.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.decided_at = at
