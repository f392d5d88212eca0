from datetime import datetime, time

import pytest

from bss.identity.rules.access_hours import AccessHours, is_from, is_open

OFFICE = AccessHours(days=frozenset(range(5)), opens=time(8, 30), closes=time(18))
NIGHT = AccessHours(days=frozenset({4}), opens=time(22), closes=time(6))


def a_moment(day: int, clock: str) -> datetime:
    """Of the week that begins on Monday 2026-11-02."""
    return datetime.fromisoformat(f"2026-11-{1 + day:02d}T{clock}+08:00")


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (1, "08:29:59", False),
        (1, "08:30:00", True),
        (5, "17:59:59", True),
        (5, "18:00:00", False),
        (6, "12:00:00", False),
    ],
)
def test_office_hours_are_half_open(day, clock, expected):
    assert is_open(OFFICE, at=a_moment(day, clock)) is expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (5, "21:59:59", False),
        (5, "22:00:00", True),
        (6, "05:59:59", True),
        (6, "06:00:00", False),
        (6, "22:00:00", False),
        (5, "05:00:00", False),
    ],
)
def test_a_night_belongs_to_the_day_it_began(day, clock, expected):
    assert is_open(NIGHT, at=a_moment(day, clock)) is expected


def test_the_same_time_twice_is_the_whole_day():
    weekends = AccessHours(days=frozenset({5, 6}))

    assert is_open(weekends, at=a_moment(6, "00:00:00"))
    assert is_open(weekends, at=a_moment(7, "23:59:59"))
    assert not is_open(weekends, at=a_moment(1, "00:00:00"))


@pytest.mark.parametrize(
    ("networks", "address", "expected"),
    [
        ((), "203.0.113.9", True),
        (("203.0.113.0/24",), "203.0.113.9", True),
        (("203.0.113.0/24",), "203.0.114.9", False),
        (("203.0.113.9",), "203.0.113.9", True),
        (("203.0.113.9/24",), "203.0.113.1", True),
        (("198.51.100.0/24", "2001:db8::/32"), "2001:db8::1", True),
        (("203.0.113.0/24",), "2001:db8::1", False),
        (("203.0.113.0/24",), "::ffff:203.0.113.9", True),
        (("203.0.113.0/24",), "unknown", False),
        (("203.0.113.0/24",), "", False),
    ],
)
def test_an_address_is_in_a_network_or_not(networks, address, expected):
    assert is_from(networks, address=address) is expected
