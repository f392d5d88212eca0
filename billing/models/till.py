from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from billing.models.ledger import Payment


class Shift(ConcurrentTransitionMixin, models.Model):
    """班次: one cashier's drawer in one hall, from its opening float to the confirmed count."""

    class State(models.TextChoices):
        OPEN = "open", _("当班")
        COUNTED = "counted", _("待确认")
        CONFIRMED = "confirmed", _("已日结")

    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField("营业日")
    opening_float_fen = models.BigIntegerField("备用金")
    state = FSMField(
        max_length=9, choices=State.choices, default=State.OPEN, protected=True, db_index=True
    )
    opened_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["channel", "day"], name="shifts_of_a_hall_and_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["cashier"], condition=Q(state="open"), name="one_open_shift_per_person"
            ),
            models.CheckConstraint(
                condition=Q(opening_float_fen__gte=0), name="float_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state="open", counted_at__isnull=True, confirmed_at__isnull=True)
                | Q(state="counted", counted_at__isnull=False, confirmed_at__isnull=True)
                | Q(state="confirmed", counted_at__isnull=False, confirmed_at__isnull=False),
                name="a_shift_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.cashier}"

    @transition(state, source=[State.OPEN, State.COUNTED], target=State.COUNTED)
    def count(self, *, at: datetime) -> None:
        self.counted_at = at

    @transition(state, source=State.COUNTED, target=State.CONFIRMED)
    def confirm(self, *, at: datetime) -> None:
        self.confirmed_at = at


class DrawerMovement(models.Model):
    """钱箱流水: money that came into a shift's drawer, or went out of it (negative)."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="movements")
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, related_name="drawer_movement"
    )
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=8, choices=Payment.Means)
    amount_fen = models.BigIntegerField()
    reference = models.CharField("票据号", max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="drawer_movement_is_not_zero")
        ]
        indexes = [
            models.Index(
                fields=["at"], condition=Q(means="transfer"), name="transfers_taken_at_desks"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift} {self.means} {self.amount_fen}"


class DrawerCount(models.Model):
    """点数: what was found in the drawer. A second look is another row; none is changed."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveSmallIntegerField("第几次")
    pieces = models.JSONField("各面额张数")
    remark = models.CharField("说明", max_length=200, blank=True)
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["shift", "number"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "number"], name="one_count_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.shift} #{self.number}"


class CountedMeans(models.Model):
    """点数结果: one means of payment, what the books say against what was counted (PAY-3).

    Of cash both include the opening float.
    """

    count = models.ForeignKey(DrawerCount, on_delete=models.PROTECT, related_name="means")
    means = models.CharField(max_length=8, choices=Payment.Means)
    system_fen = models.BigIntegerField()
    counted_fen = models.BigIntegerField()
    difference_fen = models.GeneratedField(
        expression=F("counted_fen") - F("system_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["count", "means"], name="each_means_counted_once"),
            models.CheckConstraint(
                condition=Q(means__in=("cash", "card", "cheque", "transfer")),
                name="only_means_of_the_desk_in_a_drawer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.means} {self.counted_fen}"


class DayClose(models.Model):
    """日结: a second person's yes to a count; its difference stands in 长短款 (PAY-3)."""

    shift = models.OneToOneField(Shift, on_delete=models.PROTECT, related_name="close")
    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    count = models.OneToOneField(DrawerCount, on_delete=models.PROTECT, related_name="close")
    takings_fen = models.BigIntegerField("应缴现金")
    difference_fen = models.BigIntegerField("长短款")
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, null=True, related_name="day_close"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField()
    remark = models.CharField("处理意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("cashier")), name="nobody_confirms_their_own_drawer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift}"
