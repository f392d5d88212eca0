"""Which VIP or group class a customer reaches by what it pays and how many phones it has.

Source: S58-1, S58-2. The thresholds are data; what is here is how they are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MONTHS = 3
"""How many closed months the average is taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One class of a ladder; rank 1 is the highest. Units: fen a month, phones in use."""

    class_id: int
    rank: int
    monthly_fen: int | None
    monthly_included: bool
    phones: int | None
    phones_included: bool
    automatic: bool


def level_of(levels: Iterable[Level], *, billed_fen: int, months: int, phones: int) -> Level | None:
    """The highest level reached by what was billed in so many months, or by the phones."""
    reached = (
        one for one in levels if _reaches(one, billed_fen=billed_fen, months=months, phones=phones)
    )
    return min(reached, key=lambda level: level.rank, default=None)


def is_automatic(*, before: Level | None, after: Level | None, by_a_person: bool) -> bool:
    """Whether the grading may make this change by itself; what a person gave, a person takes."""
    if by_a_person:
        return False
    decisive = after or before
    return decisive is not None and decisive.automatic


def _reaches(level: Level, *, billed_fen: int, months: int, phones: int) -> bool:
    """The average is compared by its sum, so that nothing is rounded."""
    by_bills = (
        level.monthly_fen is not None
        and months > 0
        and _at_least(billed_fen, level.monthly_fen * months, included=level.monthly_included)
    )
    by_phones = level.phones is not None and _at_least(
        phones, level.phones, included=level.phones_included
    )
    return by_bills or by_phones


def _at_least(value: int, bound: int, *, included: bool) -> bool:
    return value >= bound if included else value > bound
