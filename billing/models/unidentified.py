from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class UnidentifiedPayment(ConcurrentTransitionMixin, models.Model):
    """不明来款: money on the house's bank account whose owner is not known yet.

    It stands on the house's unidentified ledger from the moment it is read until somebody knows
    whose it is, or it goes back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待认领")
        IDENTIFIED = "identified", _("已认领")
        RETURNED = "returned", _("已退回")

    line = models.OneToOneField(
        "billing.StatementLine", on_delete=models.PROTECT, related_name="unidentified"
    )
    bank = models.CharField("银行", max_length=4)
    amount_fen = models.BigIntegerField()
    arrived_on = models.DateField("到帐日期")
    state = FSMField(
        max_length=10, choices=State.choices, default=State.OPEN, protected=True, db_index=True
    )
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    returned_by_journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField("处理依据", max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["arrived_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="unidentified_is_positive"),
            models.CheckConstraint(
                condition=Q(
                    state="open",
                    payment__isnull=True,
                    returned_by_journal__isnull=True,
                    settled_at__isnull=True,
                )
                | Q(
                    state="identified",
                    payment__isnull=False,
                    returned_by_journal__isnull=True,
                    settled_at__isnull=False,
                )
                | Q(
                    state="returned",
                    payment__isnull=True,
                    returned_by_journal__isnull=False,
                    settled_at__isnull=False,
                ),
                name="unidentified_goes_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.amount_fen}"

    @transition(state, source=State.OPEN, target=State.IDENTIFIED)
    def identify(self, *, reason: str, by_id: int | None, at: datetime) -> None:
        self.reason = reason
        self.settled_by_id = by_id
        self.settled_at = at

    @transition(state, source=State.OPEN, target=State.RETURNED)
    def give_back(self, *, reason: str, by_id: int | None, at: datetime) -> None:
        self.reason = reason
        self.settled_by_id = by_id
        self.settled_at = at

    @transition(state, source=State.IDENTIFIED, target=State.OPEN)
    def reopen(self) -> None:
        self.payment = None
        self.settled_at = None
        self.settled_by = None
