"""Billing months and business days: natural months in Asia/Shanghai.

Source: GEN-1.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A billing month, written ``2026-10``."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1970 <= self.year <= 9999):
            raise ValueError(f"{self.year}-{self.number:02d} is not a month")

    @classmethod
    def parse(cls, text: str) -> Self:
        match = _MONTH.fullmatch(str(text).strip())
        if match is None:
            raise ValueError(f"{text!r} is not a month such as 2026-10")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime) -> Self:
        """The month of a business day, or of a moment as Asia/Shanghai sees it."""
        day = business_date(when) if isinstance(when, datetime) else when
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, self.days)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def starts_at(self) -> datetime:
        return day_start(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is no longer in the month."""
        return self.next.starts_at

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def day_start(day: date) -> datetime:
    """00:00 of a business day."""
    return datetime.combine(day, time(0), tzinfo=BUSINESS_ZONE)


def business_date(moment: datetime) -> date:
    """The day of a moment in Asia/Shanghai. Raises: ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no business day")
    return moment.astimezone(BUSINESS_ZONE).date()


def local_moment(text: str) -> datetime:
    """Local business time as people write it: ``2026-09-10T10:00``, seconds optional."""
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is not None:
        return moment.astimezone(BUSINESS_ZONE)
    return moment.replace(tzinfo=BUSINESS_ZONE)


def days_between(start: date, end: date) -> int:
    """Days from ``start`` to ``end``, both counted."""
    return (end - start) // timedelta(days=1) + 1
