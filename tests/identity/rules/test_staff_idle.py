"""When an unused account is warned about, and when it is disabled."""

from datetime import timedelta

import pytest

from bss.identity.rules.staff_idle import IdleVerdict, disabled_from, verdict
from bss.kernel.periods import local_moment

USED = local_moment("2026-01-01T09:00")


def day(number: int):
    return USED + timedelta(days=number)


def judged(*, now: int, warned: int | None = None) -> IdleVerdict:
    return verdict(
        used_at=USED,
        warned_at=None if warned is None else day(warned),
        now=day(now),
        idle_days=90,
        warn_days=14,
    )


@pytest.mark.parametrize(
    ("now", "warned", "expected"),
    [
        (0, None, IdleVerdict.IN_USE),
        (75, None, IdleVerdict.IN_USE),
        (76, None, IdleVerdict.WARN),
        (76, 76, IdleVerdict.WARNED),
        (89, 76, IdleVerdict.WARNED),
        (90, 76, IdleVerdict.DISABLE),
        (200, None, IdleVerdict.WARN),
        (213, 200, IdleVerdict.WARNED),
        (214, 200, IdleVerdict.DISABLE),
    ],
)
def test_an_unused_account_is_judged_by_days(now, warned, expected) -> None:
    assert judged(now=now, warned=warned) is expected


def test_a_warning_from_before_the_last_use_does_not_count() -> None:
    assert judged(now=95, warned=-10) is IdleVerdict.WARN


def test_the_day_it_is_disabled_leaves_the_warnings_days() -> None:
    def until(warned: int):
        return disabled_from(used_at=USED, warned_at=day(warned), idle_days=90, warn_days=14)

    assert (until(76), until(200)) == (day(90), day(214))
