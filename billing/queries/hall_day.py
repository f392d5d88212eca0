"""A hall's day at the cash desk: all shifts, by means, with what is still open."""

from dataclasses import dataclass
from datetime import date

from billing.models import DayClose, Shift
from billing.queries.till import movements_by_means, shifts_of_hall
from billing.rules.cash_count import DESK_MEANS


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOfDay:
    """One drawer; ``counted`` is None before the count. Floats are not takings: left out."""

    shift: Shift
    system: dict[str, int]
    counted: dict[str, int] | None

    @property
    def system_fen(self) -> int:
        return sum(self.system.values())

    @property
    def difference_fen(self) -> int | None:
        if self.counted is None:
            return None
        return sum(self.counted.values()) - self.system_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansOfDay:
    """One means over all shifts; a shift that is not counted yet has no counted money."""

    means: str
    system_fen: int
    counted_fen: int
    difference_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HallDay:
    """What a supervisor signs in the evening."""

    shifts: tuple[ShiftOfDay, ...]
    means: tuple[MeansOfDay, ...]

    @property
    def unconfirmed(self) -> int:
        return sum(one.shift.state != Shift.State.CONFIRMED for one in self.shifts)

    @property
    def system_fen(self) -> int:
        return sum(one.system_fen for one in self.means)

    @property
    def counted_fen(self) -> int:
        return sum(one.counted_fen for one in self.means)

    @property
    def difference_fen(self) -> int:
        return sum(one.difference_fen for one in self.means)


def hall_day(channel_id: int, day: date) -> HallDay:
    """The day of one hall. Source: PAY-3."""
    totals = movements_by_means(channel_id, day)
    found = tuple(
        ShiftOfDay(
            shift=shift,
            system=dict.fromkeys(DESK_MEANS, 0) | totals.get(shift.pk, {}),
            counted=_counted(shift),
        )
        for shift in shifts_of_hall(channel_id, day)
    )
    return HallDay(shifts=found, means=tuple(_of_means(found, means) for means in DESK_MEANS))


def closes_to_hand_over(channel_id: int) -> list[DayClose]:
    """Confirmed days of a hall whose cash is still there, the oldest first."""
    rows = DayClose.objects.filter(shift__channel=channel_id, handed_over__isnull=True)
    return list(rows.exclude(takings_fen=0).select_related("shift__cashier").order_by("id"))


def _counted(shift: Shift) -> dict[str, int] | None:
    counts = list(shift.counts.all())
    if not counts:
        return None
    float_of = {"cash": shift.opening_float_fen}
    return {
        row.means: row.counted_fen - float_of.get(row.means, 0) for row in counts[-1].means.all()
    }


def _of_means(shifts: tuple[ShiftOfDay, ...], means: str) -> MeansOfDay:
    counted = [one for one in shifts if one.counted is not None]
    counted_fen = sum(one.counted[means] for one in counted if one.counted is not None)
    return MeansOfDay(
        means=means,
        system_fen=sum(one.system[means] for one in shifts),
        counted_fen=counted_fen,
        difference_fen=counted_fen - sum(one.system[means] for one in counted),
    )
