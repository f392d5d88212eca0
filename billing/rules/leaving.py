"""Who may leave: a few plain signs, each with its limit and its reason.

The limits are data (``AdviceLimit``); 0 puts a sign out of use. No sign weighs more than another:
whoever reads the list can see why somebody stands in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

SAVING_YUAN = "saving_yuan"
"""From so many yuan a month on a customer pays too much."""


class Sign(StrEnum):
    """征兆. Each word is the name of its limit too."""

    USAGE_FALLS = "usage_falls"
    OVERFLOWS = "overflows"
    COMPLAINS = "complains"
    TERM_ENDS = "term_ends"
    OWES = "owes"


class Risk(IntEnum):
    """离网风险: by how many signs there are."""

    NONE = 0
    WATCH = 1
    HIGH = 2


LIMITS: Mapping[str, int] = {
    SAVING_YUAN: 20,
    Sign.USAGE_FALLS: 30,
    Sign.OVERFLOWS: 2,
    Sign.COMPLAINS: 1,
    Sign.TERM_ENDS: 60,
    Sign.OWES: 1,
}
"""What holds until somebody sets another. Units: yuan a month, percent, months, complaints in
``COMPLAINT_DAYS``, days, yuan."""
MOST: Mapping[str, int] = {
    SAVING_YUAN: 10_000,
    Sign.USAGE_FALLS: 100,
    Sign.OVERFLOWS: 3,
    Sign.COMPLAINS: 100,
    Sign.TERM_ENDS: 365,
    Sign.OWES: 100_000,
}
COMPLAINT_DAYS = 90
FEWEST_MINUTES = 100
"""Who called less in the first month is not said to fall."""
MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a bundle and its customer; months run from the oldest on."""

    minutes: Sequence[int]
    overflow_minutes: Sequence[int]
    complaints: int = 0
    term_days_left: int | None = None
    overdue_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sign with the figures of its sentence."""

    sign: Sign
    figures: Mapping[str, int]


def signs(facts: Facts, *, limits: Mapping[str, int]) -> tuple[Found, ...]:
    """The signs that are there, in the order of ``Sign``."""
    return tuple(
        Found(sign=sign, figures=figures)
        for sign, figures in _looked_at(facts, limits)
        if limits[sign] and figures
    )


def risk_of(found: Sequence[Found]) -> Risk:
    return Risk(min(len(found), Risk.HIGH))


def _looked_at(
    facts: Facts, limits: Mapping[str, int]
) -> Iterator[tuple[Sign, Mapping[str, int] | None]]:
    yield Sign.USAGE_FALLS, _fall(facts.minutes, limits[Sign.USAGE_FALLS])
    over = sum(minutes > 0 for minutes in facts.overflow_minutes)
    is_often = over >= limits[Sign.OVERFLOWS]
    yield Sign.OVERFLOWS, {"months": over, "of": len(facts.minutes)} if is_often else None
    complains = facts.complaints >= limits[Sign.COMPLAINS]
    yield (
        Sign.COMPLAINS,
        {"count": facts.complaints, "days": COMPLAINT_DAYS} if complains else None,
    )
    left = facts.term_days_left
    ends = left is not None and left <= limits[Sign.TERM_ENDS]
    yield Sign.TERM_ENDS, {"days": left or 0} if ends else None
    owes = facts.overdue_fen >= 100 * limits[Sign.OWES]
    yield Sign.OWES, {"fen": facts.overdue_fen} if owes else None


def _fall(minutes: Sequence[int], most_percent: int) -> Mapping[str, int] | None:
    """By more than so many percent from the first of three months to the last."""
    if len(minutes) < MONTHS or minutes[0] < FEWEST_MINUTES:
        return None
    first, last = minutes[0], minutes[-1]
    if (first - last) * 100 <= first * most_percent:
        return None
    return {"first": first, "last": last, "percent": (first - last) * 100 // first}
