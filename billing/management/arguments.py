"""The arguments that the month's commands share."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bss.kernel import clock
from bss.kernel.periods import Month, local_moment


def month_of(text: str) -> Month:
    """Raises: ArgumentTypeError."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def add_at(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=_moment, help="business moment, local, such as 2026-11-03T02:00 (default: now)"
    )


def moment_of(options: Mapping[str, Any]) -> datetime:
    """The moment that was given, else the business clock's."""
    given: datetime | None = options["at"]
    return given or clock.now()


def day_of(text: str) -> date:
    """Raises: ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-12-01") from error


def _moment(text: str) -> datetime:
    try:
        return local_moment(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a moment such as 2026-11-03T02:00") from error
