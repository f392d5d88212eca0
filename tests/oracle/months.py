"""Billing months, written ``2026-10`` (GEN-1), and nothing finer."""

from calendar import monthrange
from datetime import date, datetime, time


def month_of(day: date | datetime) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def later(month: str, months: int = 1) -> str:
    year, number = map(int, month.split("-"))
    index = year * 12 + number - 1 + months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def first_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, 1)


def days_in(month: str) -> int:
    day = first_day(month)
    return monthrange(day.year, day.month)[1]


def last_day(month: str) -> date:
    return first_day(month).replace(day=days_in(month))


def begins_at(month: str) -> datetime:
    return datetime.combine(first_day(month), time())


def ends_at(month: str) -> datetime:
    return begins_at(later(month))
