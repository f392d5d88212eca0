"""Who gets what is left of an allowance (RAT-2, RAT-8, RAT-9, RAT-12, RAT-14)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.drawing import draw_month
from billing.rules.rating import classify
from bss.kernel.periods import BUSINESS_ZONE
from tests.billing.rules.rating_table import (
    DIRECTORY,
    LONE_3G,
    MEMBER_3G,
    NUMBER_PLAN,
    POOLED_2G,
    POOLED_FIXED,
    VPN_ONLY_2G,
    a_record,
)

MORNING = datetime(2026, 10, 6, 10, tzinfo=BUSINESS_ZONE)


def basis(caller, record_id, **fields):
    record = a_record(record_id, **fields)
    found = classify(record, caller=caller, plan=NUMBER_PLAN, directory=DIRECTORY)
    assert found is not None
    return found


def test_the_pool_is_drawn_in_the_order_in_which_calls_end_and_the_crossing_call_is_split():
    # given 340 of 350 minutes are gone; r3 begins later than r2 but ends earlier
    month = [
        basis(POOLED_2G, "r2", other_number="02166660001", start_at=MORNING, duration_s=600),
        basis(
            POOLED_FIXED,
            "r3",
            other_number="88880001",
            start_at=MORNING + timedelta(minutes=5),
            duration_s=240,
        ),
        basis(POOLED_FIXED, "r1", start_at=MORNING - timedelta(days=1), duration_s=20400),
    ]

    r1, r3, r2 = draw_month(month)

    assert [r.record_id for r in (r1, r3, r2)] == ["r1", "r3", "r2"]
    assert (r3.pool_minutes, r3.amount_hao) == (4, 0)
    assert (r2.pool_minutes, r2.charged_units, r2.amount_hao) == (6, 4, 6000)


def test_calls_that_end_together_are_drawn_by_record_id():
    month = [
        basis(POOLED_FIXED, "r9", start_at=MORNING, duration_s=20940),
        basis(POOLED_2G, "r10", start_at=MORNING, duration_s=20940),
    ]

    first, second = draw_month(month)

    assert (first.record_id, first.pool_minutes) == ("r10", 349)
    assert (second.record_id, second.pool_minutes, second.amount_hao) == ("r9", 1, 348 * 1500)


def test_a_vpn_call_draws_vpn_minutes_then_the_pool_then_pays():
    month = [
        basis(POOLED_FIXED, "r1", other_number="13011112222", duration_s=17700),
        basis(POOLED_2G, "r2", other_number="62000001", start_at=MORNING, duration_s=60 * 400),
        basis(
            VPN_ONLY_2G,
            "r3",
            other_number="01062000001",
            start_at=MORNING + timedelta(days=1),
            duration_s=150,
        ),
    ]

    r1, r2, r3 = draw_month(month)

    assert (r1.vpn_minutes, r1.pool_minutes) == (295, 0)
    assert (r2.vpn_minutes, r2.pool_minutes, r2.amount_hao) == (5, 350, 45 * 1500)
    assert (r3.vpn_minutes, r3.pool_minutes, r3.amount_hao) == (0, 0, 4500)


def test_a_3g_member_has_vpn_minutes_of_its_own():
    month = [
        basis(MEMBER_3G, "r1", other_number="01062000001", duration_s=60_600),
        basis(POOLED_FIXED, "r2", other_number="18611112222", start_at=MORNING, duration_s=180),
    ]

    r1, r2 = draw_month(month)

    assert (r1.vpn_minutes, r1.plan_units, r1.amount_hao) == (1000, 10, 0)
    assert (r2.vpn_minutes, r2.pool_minutes) == (3, 0)


def test_texts_beyond_the_plans_cost_each():
    month = [
        basis(LONE_3G, f"s{n}", call_type="sms", start_at=MORNING + timedelta(hours=n))
        for n in range(3)
    ]

    assert [r.amount_hao for r in draw_month(month)] == [0, 0, 1000]


def test_late_usage_draws_what_closed_lines_left():
    late = [basis(POOLED_2G, "r4", start_at=MORNING, duration_s=600)]

    (rated,) = draw_month(late, used={("pool", "b1"): 345})

    assert (rated.pool_minutes, rated.charged_units, rated.amount_hao) == (5, 5, 7500)


@given(
    calls=st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 7200), st.booleans()), max_size=30
    )
)
def test_never_more_is_drawn_than_there_is_and_arrival_changes_nothing(calls):
    month = [
        basis(
            POOLED_FIXED,
            f"r{n}",
            other_number="13011112222" if inside_vpn else "01088880001",
            start_at=MORNING + timedelta(minutes=minute),
            duration_s=duration_s,
        )
        for n, (minute, duration_s, inside_vpn) in enumerate(calls)
    ]

    rated = draw_month(month)

    assert sum(r.pool_minutes for r in rated) <= 350
    assert sum(r.vpn_minutes for r in rated) <= 300
    assert all(r.vpn_minutes + r.pool_minutes + r.charged_units == r.basis.quantity for r in rated)
    assert draw_month(reversed(month)) == rated
