"""What a close writes by the million names rows that are there: raw SQL tries to break it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import BillLine, Entry, Journal
from billing.services import accounts
from billing.services.payments import pay
from tests.builders.billing import NEW_YEAR, a_channel, a_customer, a_line, own_account

pytestmark = pytest.mark.django_db

NOBODY = 987_654_321


@pytest.fixture
def line() -> BillLine:
    """A debt of 5.00 on an account that has paid 2.00 of it."""
    account = own_account(a_line(a_customer()))
    accounts.record_arrears(account_id=account.pk, amount_fen=500, since=NEW_YEAR)
    pay(account_id=account.pk, amount_fen=200, key="p", at=NEW_YEAR, channel_id=a_channel().pk)
    return BillLine.objects.get()


def refused(sql: str, *parameters: Any) -> str:
    with (
        pytest.raises(IntegrityError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, parameters)
    return str(caught.value)


A_BILL = (
    "INSERT INTO billing_bill (account_id, month, issued_at, due_on, total_fen, paid_fen)"
    " VALUES (%s, '2026-10-01', now(), now(), 1, 0)"
)
LINES = (
    "INSERT INTO billing_billline (bill_id, subscription_id, item, position, amount_fen,"
    " paid_fen, paid_gift_fen, tax_fen, why)"
    " SELECT bill_id, subscription_id, 'SMS', 2 + n, 1, 0, 0, 0, '{}'"
    " FROM (VALUES (0, %s, NULL), (1, %s, %s)) AS line (n, bill_id, subscription_id)"
)
A_SHARE = (
    "INSERT INTO billing_revenueshare (line_id, service, amount_fen, tax_percent, tax_fen)"
    " VALUES (%s, 'fixed', 1, 9, 0)"
)
ENTRIES = (
    "INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen, bill_line_id)"
    " VALUES (%s, %s, 'cash', 5, %s), (%s, %s, 'cash', -5, NULL)"
)


def test_a_bill_of_no_account_is_refused(line: BillLine) -> None:
    said = refused(A_BILL, NOBODY)
    assert f'account_id {NOBODY} is not in table "billing_account"' in said


def test_one_line_of_no_bill_refuses_all_that_came_with_it(line: BillLine) -> None:
    subscription = line.subscription_id
    said = refused(LINES, line.bill_id, NOBODY, subscription)
    assert f'bill_id {NOBODY} is not in table "billing_bill"' in said
    assert BillLine.objects.get() == line


def test_a_line_of_no_subscription_is_refused_and_one_without_any_is_not(line: BillLine) -> None:
    said = refused(LINES, line.bill_id, line.bill_id, NOBODY)
    assert f'subscription_id {NOBODY} is not in table "customers_subscription"' in said
    with connection.cursor() as cursor:
        cursor.execute(LINES, [line.bill_id, line.bill_id, line.subscription_id])
    assert BillLine.objects.count() == 3


def test_a_share_of_no_line_is_refused(line: BillLine) -> None:
    assert f'line_id {NOBODY} is not in table "billing_billline"' in refused(A_SHARE, NOBODY)


@pytest.mark.parametrize("wrong", ["journal", "ledger", "bill_line"])
def test_an_entry_that_names_nothing_is_refused_with_its_journal(
    line: BillLine, wrong: str
) -> None:
    ledger = Entry.objects.filter(bill_line=line).values_list("ledger_id", flat=True)[0]
    journal = Journal.objects.create(kind=Journal.Kind.MOVE, at=NEW_YEAR).pk
    names = {"journal": journal, "ledger": ledger, "bill_line": line.pk} | {wrong: NOBODY}
    before = Entry.objects.count()
    said = refused(
        ENTRIES,
        names["journal"], names["ledger"], names["bill_line"], names["journal"], ledger,
    )  # fmt: skip
    assert f"{wrong}_id {NOBODY} is not in table" in said
    assert Entry.objects.count() == before


def test_many_rows_are_asked_for_as_one_is(line: BillLine) -> None:
    many = A_SHARE.replace("VALUES (%s, 'fixed', 1, 9, 0)", "SELECT %s, n::text, 1, 9, 0 FROM n")
    many = f"WITH n AS (SELECT generate_series(1, 5000) AS n) {many}"
    with connection.cursor() as cursor:
        cursor.execute(many, [line.pk])
    lost = many.replace("SELECT %s,", "SELECT CASE n WHEN 4321 THEN 0 ELSE %s END,")
    lost = lost.replace("n::text", "'x' || n")
    assert "line_id 0 is not in table" in refused(lost, line.pk)


NAMED = (
    "billing_account",
    "billing_bill",
    "billing_billline",
    "billing_ledger",
    "customers_subscription",
)


@pytest.mark.parametrize("table", NAMED)
def test_what_is_named_is_never_deleted_and_keeps_its_id(line: BillLine, table: str) -> None:
    assert "named by others" in refused(f"DELETE FROM {table}")
    assert "named by others" in refused(f"UPDATE {table} SET id = id + 1000000")


@pytest.mark.parametrize("table", NAMED)
def test_it_is_truncated_in_a_throw_away_database_only(line: BillLine, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    sql = f"SET LOCAL bss.throw_away_database = 'off'; TRUNCATE {table} CASCADE"
    said = refused(sql)
    assert "named by others" in said or "only" in said


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE billing_bill SET account_id = account_id + 1",
        "UPDATE billing_billline SET bill_id = bill_id + 1",
        "UPDATE billing_billline SET subscription_id = NULL",
    ],
)
def test_what_a_row_names_never_changes(line: BillLine, sql: str) -> None:
    assert "never changes" in refused(sql)


def test_what_it_names_may_be_written_again_as_it_is(line: BillLine) -> None:
    line.paid_fen += 1
    line.save()  # sets every column
    line.bill.save()
    line.refresh_from_db()
    assert line.paid_fen == 201
