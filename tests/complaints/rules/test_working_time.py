from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss.kernel.periods import local_moment
from complaints.rules.working_time import (
    OFFICE_HOURS,
    WorkingDay,
    add_working_minutes,
    is_workday,
    working_minutes_between,
)

NINE_TO_FIVE = WorkingDay(((time(9), time(17)),))


@pytest.mark.parametrize(
    ("day", "works", "why"),
    [
        ("2026-09-28", True, "a Monday"),
        ("2026-10-01", False, "National Day"),
        ("2026-10-07", False, "a Wednesday of the holiday"),
        ("2026-10-10", True, "调休: this Saturday makes up for the holiday"),
        ("2026-10-11", False, "an ordinary Sunday"),
        ("2026-02-14", True, "调休 before Spring Festival"),
        ("2035-01-01", False, "a Monday, but New Year, in a year not announced yet"),
        ("2035-01-02", True, "a Tuesday in a year not announced yet"),
        ("2035-01-06", False, "a Saturday in a year not announced yet"),
    ],
)
def test_working_days_follow_the_calendar(day, works, why):
    assert is_workday(local_moment(f"{day}T00:00").date()) is works, why


def test_an_hour_from_friday_half_past_four_is_due_on_monday():
    friday = local_moment("2026-10-16T16:30")
    due = add_working_minutes(friday, 60, hours=NINE_TO_FIVE)
    assert due == local_moment("2026-10-19T09:30")


def test_an_hour_before_breach_is_on_the_same_clock():
    monday = local_moment("2026-10-19T17:00")
    eight_to_twelve_and_back = WorkingDay(((time(8), time(12)), (time(13), time(18))))
    assert add_working_minutes(monday, 240, hours=eight_to_twelve_and_back) == local_moment(
        "2026-10-20T11:00"
    )
    assert add_working_minutes(monday, 180, hours=eight_to_twelve_and_back) == local_moment(
        "2026-10-20T10:00"
    )


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-10-15T11:30", 60, "2026-10-15T14:00"),  # lunch stands still
        ("2026-10-15T11:00", 60, "2026-10-15T12:00"),  # the end of a period is in it
        ("2026-10-15T12:30", 30, "2026-10-15T14:00"),  # taken at lunch: starts at half past one
        ("2026-10-15T22:00", 60, "2026-10-16T10:00"),  # taken at night
        ("2026-09-30T17:00", 120, "2026-10-08T10:00"),  # over the National Day week
        ("2026-10-09T17:00", 120, "2026-10-10T10:00"),  # the Saturday is a make-up day
        ("2026-10-10T17:00", 120, "2026-10-12T10:00"),  # but the Sunday after it is not
        ("2026-10-15T10:00", 0, "2026-10-15T10:00"),
    ],
)
def test_promises_run_in_office_hours_only(start, minutes, due):
    assert add_working_minutes(local_moment(start), minutes) == local_moment(due)


def test_three_working_days_are_three_times_a_days_minutes():
    assert OFFICE_HOURS.minutes == 450
    start = local_moment("2026-10-15T10:00")
    assert add_working_minutes(start, 3 * 450) == local_moment("2026-10-20T10:00")


def test_a_night_between_two_days_has_no_working_minutes():
    evening, morning = local_moment("2026-10-15T18:00"), local_moment("2026-10-16T09:00")
    assert working_minutes_between(evening, morning) == 0


def test_minutes_that_are_past_count_negative():
    assert (
        working_minutes_between(local_moment("2026-10-15T11:00"), local_moment("2026-10-15T10:00"))
        == -60
    )


def test_a_promise_into_the_past_is_an_error():
    with pytest.raises(ValueError, match="before"):
        add_working_minutes(local_moment("2026-10-15T10:00"), -1)


@pytest.mark.parametrize("periods", [(), ((time(9), time(9)),), ((time(9), time(12)),) * 2])
def test_a_day_without_proper_periods_cannot_be(periods):
    with pytest.raises(ValueError, match="periods"):
        WorkingDay(periods)


moments = st.datetimes(
    min_value=local_moment("2026-01-01T00:00").replace(tzinfo=None),
    max_value=local_moment("2026-12-20T00:00").replace(tzinfo=None),
).map(lambda naive: local_moment(naive.replace(second=0, microsecond=0).isoformat()))


@given(start=moments, first=st.integers(0, 2000), then=st.integers(0, 2000))
def test_two_promises_in_a_row_are_one_of_their_sum(start, first, then):
    whole = add_working_minutes(start, first + then)
    assert add_working_minutes(add_working_minutes(start, first), then) == whole
    assert working_minutes_between(start, whole) == first + then


@given(start=moments, minutes=st.integers(1, 3000))
def test_holidays_only_ever_make_a_promise_later(start, minutes):
    assert add_working_minutes(start, minutes) >= start + timedelta(minutes=minutes)
