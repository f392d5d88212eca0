"""Working time: the minutes in which a promise's clock runs.

A working day is one of the State Council's calendar (``chinese_calendar``): weekends that are made
up for a holiday (调休) work, holidays on weekdays do not. Of a year that is not announced yet,
Monday to Friday work except 1 January. A day has several periods, with the lunch break between.

Source: CARE-3; the periods are DEC.
Shape:  moments are aware; the arithmetic is in Asia/Shanghai, which has no daylight saving.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import chinese_calendar

from bss.kernel.periods import BUSINESS_ZONE

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """The periods of a working day, in order, each half-open."""

    periods: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        bounds = [bound for period in self.periods for bound in period]
        if not bounds or any(a >= b for a, b in pairwise(bounds)):
            raise ValueError("the periods of a day are in order, not empty and do not overlap")

    @property
    def minutes(self) -> int:
        return sum(_minutes_of(until) - _minutes_of(since) for since, until in self.periods)


OFFICE_HOURS = WorkingDay(((time(9), time(12)), (time(13, 30), time(18))))


def is_workday(day: date) -> bool:
    """Whether people work on this day, holidays and make-up days considered."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the calendar's word for a year not announced yet
        return day.weekday() < 5 and (day.month, day.day) != (1, 1)


def add_working_minutes(
    start: datetime, minutes: int, *, hours: WorkingDay = OFFICE_HOURS
) -> datetime:
    """The moment at which this many working minutes have passed since ``start``.

    A promise made outside working hours starts with the next period. Minutes that end with a
    period are due at its end, not at the next one's beginning.
    """
    if minutes < 0:
        raise ValueError("a promise is not due before it is made")
    left = minutes * _MINUTE
    for since, until in _periods_from(start, hours):
        if since + left <= until:
            return since + left
        left -= until - since
    raise AssertionError("there is always another period")


def working_minutes_between(
    start: datetime, end: datetime, *, hours: WorkingDay = OFFICE_HOURS
) -> int:
    """Whole working minutes from ``start`` to ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_minutes_between(end, start, hours=hours)
    total = timedelta(0)
    for since, until in _periods_from(start, hours):
        if since >= end:
            break
        total += min(until, end) - since
    return total // _MINUTE


def _periods_from(start: datetime, hours: WorkingDay) -> Iterator[tuple[datetime, datetime]]:
    """The working periods from ``start`` on; the first one is cut to begin at ``start``."""
    start = start.astimezone(BUSINESS_ZONE)
    day = start.date()
    while True:
        if is_workday(day):
            for opens, shuts in hours.periods:
                since = datetime.combine(day, opens, tzinfo=BUSINESS_ZONE)
                until = datetime.combine(day, shuts, tzinfo=BUSINESS_ZONE)
                if until > start:
                    yield max(since, start), until
        day += _DAY


def _minutes_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute
