from datetime import datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss.kernel.periods import BUSINESS_ZONE
from bss.oversight.rules.prewarning import DEFAULTS, Event, Limits, Rule, What, hits, is_between

NOON = datetime(2026, 10, 15, 12, tzinfo=BUSINESS_ZONE)
_serial = count(1)


def a_look(at=NOON, *, whom="staff:1", customer=7, **more):
    return Event(
        entry_id=next(_serial),
        what=more.pop("what", What.READ),
        whom=whom,
        at=at,
        customer_id=customer,
        **more,
    )


def every(minutes, times, **more):
    return [a_look(NOON + timedelta(minutes=minutes * n), **more) for n in range(times)]


def counted(rule, events, limits=None):
    found = hits(rule, events, limits or DEFAULTS[rule])
    return {whom: len(theirs) for whom, theirs in found.items()}


@pytest.mark.parametrize(
    ("moment", "start", "end", "inside"),
    [
        (time(22), time(22), time(6), True),
        (time(5, 59), time(22), time(6), True),
        (time(6), time(22), time(6), False),
        (time(12), time(22), time(6), False),
        (time(12), time(9), time(18), True),
        (time(18), time(9), time(18), False),
        (time(3), None, None, True),
    ],
)
def test_a_span_of_the_day_may_go_over_midnight(moment, start, end, inside):
    limits = Limits(threshold=1, window_minutes=1, from_time=start, until_time=end)
    assert is_between(moment, limits) is inside


def test_three_look_ups_in_one_night_warn_and_by_day_they_do_not():
    night = NOON.replace(hour=23)
    at_night = [a_look(night + timedelta(hours=n)) for n in range(3)]
    assert counted(Rule.NIGHT, at_night) == {"staff:1": 3}
    assert counted(Rule.NIGHT, at_night[:2]) == {}
    assert counted(Rule.NIGHT, every(30, 10)) == {}


def test_many_counts_customers_not_looks():
    twenty = [a_look(NOON + timedelta(seconds=20 * n), customer=n) for n in range(20)]
    assert counted(Rule.MANY, twenty) == {"staff:1": 20}
    assert counted(Rule.MANY, twenty[:19]) == {}
    assert counted(Rule.MANY, every(0.1, 40)) == {}


def test_many_slowly_is_an_ordinary_day():
    assert (
        counted(Rule.MANY, [a_look(NOON + timedelta(minutes=n), customer=n) for n in range(300)])
        == {}
    )


def test_two_people_are_two_matters():
    mine = [a_look(customer=n) for n in range(12)]
    theirs = [a_look(customer=n, whom="staff:2") for n in range(12)]
    assert counted(Rule.MANY, mine + theirs) == {}


def test_one_look_at_ones_own_family_is_enough():
    assert counted(Rule.RELATIVE, [a_look(), a_look(is_relative=True)]) == {"staff:1": 1}


def test_a_protected_customer_may_be_seen_by_who_works_for_them():
    assert counted(Rule.PROTECTED, [a_look(is_protected=True, has_work=True)]) == {}
    assert counted(Rule.PROTECTED, [a_look(is_protected=True)]) == {"staff:1": 1}


def test_five_failed_sign_ins_within_a_quarter_of_an_hour():
    failed = every(3, 5, what=What.FAILED_SIGN_IN, whom="address:192.0.2.7")
    assert counted(Rule.SIGN_IN, failed) == {"address:192.0.2.7": 5}
    assert counted(Rule.SIGN_IN, every(4, 5, what=What.FAILED_SIGN_IN)) == {}


def test_an_export_in_the_evening_warns():
    evening = NOON.replace(hour=20)
    assert counted(Rule.EXPORT, [a_look(evening, what=What.EXPORT)]) == {"staff:1": 1}
    assert counted(Rule.EXPORT, [a_look(what=What.EXPORT)]) == {}


def test_a_rule_that_is_switched_off_is_silent():
    off = Limits(threshold=1, window_minutes=1, active=False)
    assert counted(Rule.RELATIVE, [a_look(is_relative=True)], off) == {}


@given(
    st.lists(st.integers(0, 200), max_size=60),
    st.integers(1, 6),
    st.integers(1, 40),
)
def test_what_is_found_lies_in_a_full_window_and_nothing_of_one_is_missed(minutes, least, window):
    """The sweep against the definition: an event counts when some full window holds it."""
    events = [a_look(NOON + timedelta(minutes=n), is_relative=True) for n in minutes]
    limits = Limits(threshold=least, window_minutes=window)
    found = {e.entry_id for e in hits(Rule.RELATIVE, events, limits).get("staff:1", [])}
    span = timedelta(minutes=window)
    expected = set()
    for last in events:
        inside = [e for e in events if last.at - span < e.at <= last.at]
        if len(inside) >= least:
            expected |= {e.entry_id for e in inside}
    assert found == expected
