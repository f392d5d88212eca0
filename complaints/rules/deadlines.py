"""When a case is due, when it begins to warn, and how it stands now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from complaints.rules.categories import Category, Clock
from complaints.rules.working_time import add_working_minutes, working_minutes_between

WARNS_AFTER_PERCENT = 75


class Standing(StrEnum):
    """How an open case stands against its promise."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Promise:
    """The moments a case is promised by; both are on the category's clock."""

    warns_at: datetime
    due_at: datetime


def promise_for(category: Category, *, accepted_at: datetime) -> Promise:
    """The due time of a matter taken at this moment, and when a quarter of it is left.

    Both are counted forward from acceptance on the same clock, so a warning never falls on a
    night or a holiday on which the promise itself stands still.
    Source: CARE-3.
    """
    return Promise(
        warns_at=_after(category, accepted_at, category.minutes * WARNS_AFTER_PERCENT // 100),
        due_at=_after(category, accepted_at, category.minutes),
    )


def standing_at(moment: datetime, *, warns_at: datetime, due_at: datetime) -> Standing:
    """How a case that is still open stands at this moment; the due moment itself is in time."""
    if moment > due_at:
        return Standing.OVERDUE
    return Standing.AT_RISK if moment >= warns_at else Standing.ON_TIME


def minutes_left(category: Category, *, due_at: datetime, at: datetime) -> int:
    """Minutes of the category's clock until the promise is due; negative when it is past."""
    if category.clock is Clock.ROUND_THE_CLOCK:
        return int((due_at - at) // timedelta(minutes=1))
    return working_minutes_between(at, due_at)


def _after(category: Category, start: datetime, minutes: int) -> datetime:
    if category.clock is Clock.ROUND_THE_CLOCK:
        return start + timedelta(minutes=minutes)
    return add_working_minutes(start, minutes)
