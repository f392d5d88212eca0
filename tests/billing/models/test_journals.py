"""The database itself keeps the books: each test tries to break them with raw SQL."""

from io import StringIO

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import Entry, Journal, Ledger
from billing.queries.house import house_balances, house_ledgers
from billing.rules import house
from billing.services.payments import pay
from billing.services.posting import Leg, post
from tests.builders.billing import (
    NEW_YEAR,
    a_channel,
    a_customer,
    a_line,
    own_account,
    public_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Ledger:
    """A public ledger with 10.00 in it."""
    account = own_account(a_line(a_customer()))
    pay(account_id=account.pk, amount_fen=1000, key="p1", at=NEW_YEAR, channel_id=a_channel().pk)
    return public_of(account)


def refused(sql: str, *parameters: object) -> str:
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)
    return str(caught.value)


def test_entries_move_the_running_totals(ledger: Ledger) -> None:
    gift = house_ledgers()[house.GIFT]
    post(
        kind=Journal.Kind.GRANT,
        legs=[
            Leg(ledger_id=ledger.pk, amount_fen=300, money="gift"),
            Leg(ledger_id=gift, amount_fen=-300, money="gift"),
        ],
        at=NEW_YEAR,
    )
    ledger.refresh_from_db()
    assert (ledger.cash_fen, ledger.gift_fen) == (1000, 300)
    assert house_balances() == {"cash:cash": -1000, "gift": -300}


@pytest.mark.parametrize("table", ["billing_entry", "billing_journal"])
def test_what_is_posted_is_never_changed_or_deleted(ledger: Ledger, table: str) -> None:
    assert "only reversed" in refused(f"UPDATE {table} SET id = id + 1000")
    assert "only reversed" in refused(f"DELETE FROM {table}")


UPSERT = """
    INSERT INTO billing_entry (id, journal_id, ledger_id, money, amount_fen)
    SELECT id, journal_id, ledger_id, money, amount_fen FROM billing_entry
    ON CONFLICT (id) DO UPDATE SET amount_fen = excluded.amount_fen * 2
"""
MERGE = """
    MERGE INTO billing_entry e USING billing_entry other ON e.id = other.id
    WHEN MATCHED THEN UPDATE SET amount_fen = e.amount_fen * 2
"""
MERGED_AWAY = """
    MERGE INTO billing_entry e USING billing_entry other ON e.id = other.id
    WHEN MATCHED THEN DELETE
"""
HIDDEN_IN_A_QUERY = """
    WITH doubled AS (UPDATE billing_entry SET amount_fen = amount_fen * 2 RETURNING id)
    SELECT count(*) FROM doubled
"""


@pytest.mark.parametrize("sql", [UPSERT, MERGE, MERGED_AWAY, HIDDEN_IN_A_QUERY])
def test_no_other_statement_changes_what_is_posted(ledger: Ledger, sql: str) -> None:
    assert "only reversed" in refused(sql)


@pytest.mark.parametrize("table", ["billing_entry", "billing_journal"])
def test_journals_are_truncated_in_a_throw_away_database_only(ledger: Ledger, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    sql = f"SET LOCAL bss.throw_away_database = 'off'; TRUNCATE {table} CASCADE"
    assert "only reversed" in refused(sql)


def test_the_setting_alone_makes_no_database_a_throw_away_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('billing_journals_only_grow'::regproc)")
        [(definition,)] = cursor.fetchall()
    assert "current_database() LIKE 'test%'" in definition


def test_a_journal_that_does_not_sum_to_zero_is_refused_whole(ledger: Ledger) -> None:
    with pytest.raises(DatabaseError, match="do not sum to zero"), transaction.atomic():
        post(
            kind=Journal.Kind.ADJUSTMENT,
            legs=[Leg(ledger_id=ledger.pk, amount_fen=100)],
            at=NEW_YEAR,
        )
    assert Journal.objects.count() == 1


def test_two_unbalanced_journals_do_not_make_up_for_each_other(ledger: Ledger) -> None:
    adjustment = house_ledgers()[house.ADJUSTMENT]
    first, second = (
        Journal.objects.create(kind=Journal.Kind.ADJUSTMENT, at=NEW_YEAR) for _ in range(2)
    )
    with pytest.raises(DatabaseError, match="do not sum to zero"), transaction.atomic():
        Entry.objects.bulk_create(
            [
                Entry(journal=first, ledger=ledger, amount_fen=5),
                Entry(journal=second, ledger_id=adjustment, amount_fen=-5),
            ]
        )


def test_no_entry_joins_a_journal_that_is_written(ledger: Ledger) -> None:
    journal = Journal.objects.get()
    adjustment = house_ledgers()[house.ADJUSTMENT]
    with pytest.raises(DatabaseError, match="whole already"), transaction.atomic():
        Entry.objects.bulk_create(
            [
                Entry(journal=journal, ledger=ledger, amount_fen=5),
                Entry(journal=journal, ledger_id=adjustment, amount_fen=-5),
            ]
        )


NONE = 0
WHOLE_JOURNALS = """
    WITH journals AS (
        INSERT INTO billing_journal (kind, at, recorded_at, ref)
        SELECT 'move', now(), now(), n::text FROM generate_series(1, 100) AS n
        RETURNING id, ref::int AS n
    )
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journals.id, leg.ledger_id, 'cash', leg.sign * (10 + leg.more)
    FROM journals
    CROSS JOIN LATERAL (VALUES (%s, 1, (n = %s)::int), (%s, -1, 0)) AS leg (ledger_id, sign, more)
"""


def test_whole_journals_are_posted_by_one_statement(ledger: Ledger) -> None:
    adjustment = house_ledgers()[house.ADJUSTMENT]
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_JOURNALS, [ledger.pk, NONE, adjustment])
    ledger.refresh_from_db()
    assert (ledger.cash_fen, Journal.objects.count()) == (1000 + 100 * 10, 1 + 100)


@pytest.mark.parametrize("faulty", [1, 50, 100])
def test_one_unbalanced_journal_of_a_hundred_refuses_the_statement(
    ledger: Ledger, faulty: int
) -> None:
    adjustment = house_ledgers()[house.ADJUSTMENT]
    assert "do not sum to zero" in refused(WHOLE_JOURNALS, ledger.pk, faulty, adjustment)
    ledger.refresh_from_db()
    assert (ledger.cash_fen, Journal.objects.count()) == (1000, 1)


def test_a_copy_is_checked_as_every_insert_is(ledger: Ledger) -> None:
    journal = Journal.objects.create(kind=Journal.Kind.MOVE, at=NEW_YEAR)
    copy = "COPY billing_entry (journal_id, ledger_id, money, amount_fen) FROM STDIN"
    row = StringIO(f"{journal.pk}\t{ledger.pk}\tcash\t7\n")
    with (
        pytest.raises(psycopg2.Error, match="do not sum to zero"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.copy_expert(copy, row)


def test_no_entry_slips_in_under_an_id_between_those_of_a_journal(ledger: Ledger) -> None:
    adjustment = house_ledgers()[house.ADJUSTMENT]
    journal = Journal.objects.create(kind=Journal.Kind.MOVE, at=NEW_YEAR)
    insert = (
        "INSERT INTO billing_entry (id, journal_id, ledger_id, money, amount_fen)"
        " VALUES (%s, %s, %s, 'cash', 5), (%s, %s, %s, 'cash', -5)"
    )

    def legs(first: int, second: int) -> list[int]:
        return [first, journal.pk, ledger.pk, second, journal.pk, adjustment]

    with connection.cursor() as cursor:
        cursor.execute(insert, legs(900_002, 900_003))
    assert "whole already" in refused(insert, *legs(900_001, 900_004))


def test_the_totals_of_a_ledger_are_not_set_by_hand(ledger: Ledger) -> None:
    assert "follow its entries" in refused("UPDATE billing_ledger SET cash_fen = 99")
    assert "follow its entries" in refused(
        "INSERT INTO billing_ledger (account_id, kind, name, cash_fen, gift_fen, scope_keys,"
        " opened_at) VALUES (%s, 'special', 'x', 5, 0, 0, now())",
        ledger.account_id,
    )


def test_a_customer_ledger_never_goes_below_zero(ledger: Ledger) -> None:
    too_much = [
        Leg(ledger_id=ledger.pk, amount_fen=-1001),
        Leg(ledger_id=house_ledgers()[house.ADJUSTMENT], amount_fen=1001),
    ]
    with (
        pytest.raises(DatabaseError, match="customer_ledger_never_negative"),
        transaction.atomic(),
    ):
        post(kind=Journal.Kind.ADJUSTMENT, legs=too_much, at=NEW_YEAR)
    ledger.refresh_from_db()
    assert ledger.cash_fen == 1000
