from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class UnidentifiedPayment(ConcurrentTransitionMixin, models.Model):
    """不明来款: money at the house's bank or gateway whose owner is not known yet.

    Of a bank ``line`` tells it, of a gateway its trade: ``source`` is the bank's code or the
    gateway's name, ``number`` the order that we do not know. It stands on the house's
    unidentified ledger from the moment it is read until somebody knows whose it is, or it goes
    back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待认领")
        IDENTIFIED = "identified", _("已认领")
        RETURNED = "returned", _("已退回")
        CLEARED = "cleared", _("已对上柜台收款")

    source = models.CharField("来源", max_length=6)
    line = models.OneToOneField(
        "billing.StatementLine", on_delete=models.PROTECT, null=True, related_name="unidentified"
    )
    number = models.CharField("商户订单号", max_length=64, blank=True, default="", db_default="")
    trade_no = models.CharField("网关交易号", max_length=64, blank=True, default="", db_default="")
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
                    state="cleared",
                    payment__isnull=True,
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
            models.CheckConstraint(
                condition=Q(line__isnull=False, trade_no="")
                | Q(line__isnull=True) & ~Q(trade_no=""),
                name="unidentified_came_by_a_bank_or_a_gateway",
            ),
            models.UniqueConstraint(
                fields=["source", "trade_no"],
                condition=~Q(trade_no=""),
                name="a_trade_is_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount_fen}"

    @property
    def reference(self) -> str:
        """By what the bank or the gateway finds it."""
        return self.line.reference if self.line else self.trade_no

    @transition(state, source=State.OPEN, target=State.IDENTIFIED)
    def identify(self, *, reason: str, by_id: int | None, at: datetime) -> None:
        self.reason = reason
        self.settled_by_id = by_id
        self.settled_at = at

    @transition(state, source=State.OPEN, target=State.CLEARED)
    def clear(self, *, reason: str, by_id: int | None, at: datetime) -> None:
        self.reason = reason
        self.settled_by_id = by_id
        self.settled_at = at

    @transition(state, source=State.OPEN, target=State.RETURNED)
    def give_back(self, *, reason: str, by_id: int | None, at: datetime) -> None:
        self.reason = reason
        self.settled_by_id = by_id
        self.settled_at = at

    @transition(state, source=[State.IDENTIFIED, State.RETURNED], target=State.OPEN)
    def reopen(self) -> None:
        self.payment = None
        self.returned_by_journal = None
        self.settled_at = None
        self.settled_by = None
