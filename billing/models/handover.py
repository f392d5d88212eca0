from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Handover(ConcurrentTransitionMixin, models.Model):
    """缴款: a hall's cash in a sealed bag on its way to the bank, until the bank's slip is in."""

    class State(models.TextChoices):
        ON_THE_WAY = "on_the_way", _("在途")
        BANKED = "banked", _("已入帐")

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.PROTECT, related_name="handovers"
    )
    bag_number = models.CharField("封包号", max_length=30, unique=True)
    amount_fen = models.BigIntegerField()
    state = FSMField(max_length=10, choices=State.choices, default=State.ON_THE_WAY, protected=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    packed_at = models.DateTimeField()
    journal = models.OneToOneField("billing.Journal", on_delete=models.PROTECT, related_name="+")
    slip_number = models.CharField("银行回单号", max_length=40, blank=True)
    banked_fen = models.BigIntegerField("银行实收", null=True, blank=True)
    banked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    banked_at = models.DateTimeField(null=True, blank=True)
    banked_journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="a_bag_is_not_empty"),
            models.CheckConstraint(
                condition=Q(banked_by__isnull=True) | ~Q(banked_by=F("packed_by")),
                name="nobody_banks_their_own_bag",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="on_the_way",
                    slip_number="",
                    banked_fen__isnull=True,
                    banked_by__isnull=True,
                    banked_at__isnull=True,
                    banked_journal__isnull=True,
                )
                | Q(
                    state="banked",
                    banked_fen__gte=0,
                    banked_by__isnull=False,
                    banked_at__isnull=False,
                    banked_journal__isnull=False,
                )
                & ~Q(slip_number=""),
                name="a_banked_bag_has_its_slip",
            ),
            models.UniqueConstraint(
                fields=["slip_number"], condition=~Q(slip_number=""), name="one_bag_per_slip"
            ),
        ]

    def __str__(self) -> str:
        return self.bag_number

    @property
    def difference_fen(self) -> int:
        """What the bank found beyond the bag's amount; negative where it found less."""
        return 0 if self.banked_fen is None else self.banked_fen - self.amount_fen

    @transition(state, source=State.ON_THE_WAY, target=State.BANKED)
    def bank(self, *, slip_number: str, banked_fen: int, by_id: int, at: datetime) -> None:
        self.slip_number = slip_number
        self.banked_fen = banked_fen
        self.banked_by_id = by_id
        self.banked_at = at


class HandoverPart(models.Model):
    """缴款明细: a confirmed day whose takings are in the bag; each goes once."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="parts")
    close = models.OneToOneField(
        "billing.DayClose", on_delete=models.PROTECT, related_name="handed_over"
    )
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.handover} {self.amount_fen}"
