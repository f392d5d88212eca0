"""The trial balance: each month carries on from the one before, and both sides are equal."""

import pytest

from billing.models import Journal, Ledger
from billing.queries.house import house_ledgers
from billing.queries.subject_entries import entries_of
from billing.queries.trial_balance import TrialRow, totals_of, trial_balance
from billing.rules import house
from billing.rules.chart import BY_CODE, SUBJECTS, UNLISTED
from billing.services import accounts, ledgers
from billing.services.payments import pay, reverse
from billing.services.posting import Leg, post
from bss.kernel.periods import Month
from tests.builders.billing import NEW_YEAR, a_bill, a_channel, a_customer, a_line, moment

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)


@pytest.fixture
def posted() -> None:
    """January: a gift of 3.00. February: a bill of 5.00, that takes it. March: 4.00 paid."""
    owner = a_customer()
    line = a_line(owner)
    account = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
    channel = a_channel().pk
    ledgers.open_special(
        account_id=account.pk, name="赠", amount_fen=300, gift=True, at=NEW_YEAR, channel_id=channel
    )
    a_bill(account, "2026-01", (line, "PLAN_FEE", 500), at=moment("2026-02-03T02:00"))
    pay(
        account_id=account.pk,
        amount_fen=400,
        key="p1",
        at=moment("2026-03-01T00:00"),
        channel_id=channel,
    )


def figures(rows: list[TrialRow]) -> dict[str, tuple[int, int, int, int]]:
    return {
        row.subject.code: (row.opening_fen, row.debit_fen, row.credit_fen, row.closing_fen)
        for row in rows
    }


def test_a_month_moves_each_subject_from_its_opening_to_its_closing(posted: None) -> None:
    assert figures(trial_balance(FEBRUARY)) == {
        "1122": (0, 500, 0, -500),
        "240102": (300, 0, 0, 300),
        "600103": (0, 0, 500, 500),
        "660101": (-300, 0, 0, -300),
    }
    assert figures(trial_balance(MARCH)) == {
        "1001": (0, 400, 0, -400),
        "1122": (-500, 0, 500, 0),
        "220301": (0, 200, 400, 200),
        "240102": (300, 300, 0, 0),
        "600103": (500, 0, 0, 500),
        "660101": (-300, 0, 0, -300),
    }


def test_what_a_month_closes_with_the_next_opens_with(posted: None) -> None:
    closing = {row.subject.code: row.closing_fen for row in trial_balance(FEBRUARY)}
    opening = {row.subject.code: row.opening_fen for row in trial_balance(MARCH)}
    assert {code: fen for code, fen in opening.items() if fen} == closing


def test_both_sides_of_every_column_are_equal(posted: None) -> None:
    totals = totals_of(trial_balance(MARCH))
    assert totals.balanced
    assert (totals.opening_debit_fen, totals.debit_fen, totals.closing_debit_fen) == (800, 900, 700)


def test_the_stroke_of_midnight_belongs_to_the_new_month(posted: None) -> None:
    assert "1001" not in figures(trial_balance(FEBRUARY))


def test_a_reversal_stands_on_the_other_side(posted: None) -> None:
    reverse(key="p1", at=moment("2026-03-02T10:00"), supervisor=True)
    row = figures(trial_balance(MARCH))["1001"]
    assert row == (0, 400, 400, 0)


def test_nothing_posted_is_an_empty_balance() -> None:
    assert trial_balance(MARCH) == []
    assert totals_of([]).balanced


def test_a_ledger_that_the_chart_forgot_is_shown_all_the_same() -> None:
    forgotten = Ledger.objects.create(kind="house", name="forgotten", opened_at=NEW_YEAR)
    legs = [
        Leg(ledger_id=forgotten.pk, amount_fen=-7),
        Leg(ledger_id=house_ledgers()[house.ADJUSTMENT], amount_fen=7),
    ]
    post(kind=Journal.Kind.ADJUSTMENT, legs=legs, at=MARCH.starts_at)
    [_, row] = trial_balance(MARCH)
    assert (row.subject.code, row.subject.title, row.closing_fen) == (UNLISTED, "forgotten", -7)


def test_the_entries_of_a_subject_are_what_moved_it(posted: None) -> None:
    for row in trial_balance(MARCH):
        amounts = list(entries_of(row.subject, month=MARCH).values_list("amount_fen", flat=True))
        assert sum(amounts) == row.credit_fen - row.debit_fen


def test_the_chart_names_each_house_ledger_and_the_customers_once() -> None:
    assert {subject.ledger for subject in SUBJECTS if subject.ledger} == set(house.NAMES)
    assert len(BY_CODE) == len(SUBJECTS) == len(house.NAMES) + 4
