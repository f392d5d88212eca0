"""Proration, monthly parts, tax and revenue shares."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.allocation import largest_remainder
from billing.rules.parts import monthly_parts
from billing.rules.proration import plan_fee
from billing.rules.taxation import tax_in
from bss.kernel.periods import Month

SEPTEMBER = Month(2026, 9)
FEBRUARY = Month(2028, 2)


@pytest.mark.parametrize(
    ("first_month", "began", "ended", "fee"),
    [
        ("daily", date(2026, 8, 31), None, 5000),
        ("daily", date(2026, 9, 1), None, 5000),
        ("daily", date(2026, 9, 4), None, 4500),
        ("daily", date(2026, 9, 30), None, 167),
        ("daily", date(2026, 9, 4), date(2026, 9, 4), 167),
        ("daily", date(2026, 9, 4), date(2026, 10, 2), 4500),
        ("half", date(2026, 9, 30), None, 2500),
        ("half", date(2026, 9, 1), None, 2500),
        ("half", date(2026, 8, 31), None, 5000),
        ("full", date(2026, 9, 30), None, 5000),
    ],
)
def test_a_first_month_costs_what_the_plan_says(
    first_month: str, began: date, ended: date | None, fee: int
) -> None:
    assert (
        plan_fee(
            5000, first_month=first_month, month=SEPTEMBER, in_service_on=began, ended_on=ended
        )
        == fee
    )


def test_half_of_an_odd_fee_is_rounded_up() -> None:
    first = date(2026, 9, 9)
    assert plan_fee(2501, first_month="half", month=SEPTEMBER, in_service_on=first) == 1251


def test_the_days_of_a_leap_february_are_29() -> None:
    first = date(2028, 2, 29)
    assert plan_fee(2900, first_month="daily", month=FEBRUARY, in_service_on=first) == 100


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_parts_of_a_prepayment_sum_exactly_and_differ_in_the_last_only(
    amount_fen: int, months: int
) -> None:
    parts = monthly_parts(amount_fen, months)
    assert len(parts) == months
    assert sum(parts) == amount_fen
    assert len(set(parts[:-1])) <= 1
    assert 0 <= parts[-1] - amount_fen // months < months


def test_the_remainder_of_a_hundred_in_three_is_in_the_last_part() -> None:
    assert monthly_parts(10000, 3) == [3333, 3333, 3334]


@pytest.mark.parametrize(
    ("amount_fen", "percent", "tax_fen"),
    [(10900, 9, 900), (5600, 9, 462), (100, 6, 6), (9, 6, 1), (8, 6, 0), (-10900, 9, -900)],
)
def test_tax_is_the_part_of_a_price_that_includes_it(
    amount_fen: int, percent: int, tax_fen: int
) -> None:
    assert tax_in(amount_fen, percent=percent) == tax_fen


def test_a_bundle_fee_is_split_by_stand_alone_prices_to_the_fen() -> None:
    assert largest_remainder(10600, [2500, 5000]) == [3533, 7067]
    assert largest_remainder(100, [1, 1, 1]) == [34, 33, 33]


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=6).filter(any),
)
def test_shares_sum_exactly_and_are_within_a_fen_of_their_part(
    amount_fen: int, weights: list[int]
) -> None:
    shares = largest_remainder(amount_fen, weights)
    assert sum(shares) == amount_fen
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount_fen * weight) < sum(weights)
