"""How the database goes about paying: whatever it was used to before."""

import pytest
from django.db import connection

from billing.batch.pay_bills import PaidBills, pay_bills
from tests.builders.billing import a_customer, a_line, moment

pytestmark = pytest.mark.django_db

BILLS = 4_000
AT = moment("2026-03-05T10:00")
READ_THROUGH = """
SELECT relname, seq_scan FROM pg_stat_xact_user_tables
WHERE relname IN ('billing_bill', 'billing_billline')
"""
GROWN = f"""
SET LOCAL session_replication_role = replica;
INSERT INTO billing_account (id, code, name, kind, current, opened_at, owner_id)
SELECT 1000000 + n, 'X' || n, '', 'unified', false, opened_at, owner_id
FROM billing_account, generate_series(1, {BILLS}) n;
INSERT INTO billing_ledger (id, account_id, kind, name, cash_fen, gift_fen, scope_keys, opened_at)
SELECT 1000000 + n, 1000000 + n, 'public', '', 5000, 0, 0, now() FROM generate_series(1, {BILLS}) n;
INSERT INTO billing_bill (id, account_id, month, issued_at, due_on, total_fen, paid_fen)
SELECT 1000000 + n, 1000000 + n, '2026-02-01', now(), '2026-03-31', 3000, 0
FROM generate_series(1, {BILLS}) n;
INSERT INTO billing_billline
    (bill_id, item, position, amount_fen, paid_fen, paid_gift_fen, tax_fen, why)
SELECT 1000000 + n, item, place, 1000, 0, 0, 0, '{{}}'
FROM generate_series(1, {BILLS}) n,
    unnest(ARRAY['SMS', 'DATA', 'PLAN_FEE']) WITH ORDINALITY AS items (item, place);
SET LOCAL session_replication_role = origin;
ANALYZE billing_account, billing_ledger, billing_bill, billing_billline;
"""


def account(number: int) -> int:
    return 1_000_000 + number


def read_through() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(READ_THROUGH)
        return dict(cursor.fetchall())


@pytest.fixture
def many_bills() -> None:
    a_line(a_customer())
    with connection.cursor() as cursor:
        cursor.execute(GROWN)


@pytest.mark.usefixtures("many_bills")
def test_a_payment_after_a_close_looks_its_bill_up() -> None:
    close = [account(number) for number in range(1, BILLS - 10)]
    assert pay_bills(account_ids=close, at=AT) == PaidBills(
        accounts=len(close), amount_fen=3000 * len(close)
    )
    before = read_through()

    for number in range(BILLS - 10, BILLS):
        paid = pay_bills(account_ids=[account(number)], at=AT)
        assert paid == PaidBills(accounts=1, amount_fen=3000)

    assert read_through() == before


@pytest.mark.usefixtures("many_bills")
def test_a_close_after_many_payments_is_planned_for_its_own_size() -> None:
    """With the plan kept from the payments each account would go through those of all others."""
    for number in range(1, 11):
        pay_bills(account_ids=[account(number)], at=AT)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '8s'")
        paid = pay_bills(account_ids=[account(number) for number in range(11, BILLS)], at=AT)

    assert paid.accounts == BILLS - 11
