"""New bills that are written as paid, most of a month's: so no line is written twice."""

from datetime import datetime

from django.db import connection

from billing.batch import sql
from billing.batch.cover_prepaid import cover_prepaid
from billing.batch.pay_bills import PaidBills
from billing.queries.locked import hold_accounts
from bss.kernel.periods import Month, business_date


def find_paying(*, at: datetime, pays: bool) -> list[int]:
    """Note in ``close_paying`` whose new bill its public ledger pays; nobody unless ``pays``.

    Gives the accounts that are charged, held from here on, so that their money stays.
    Source: ACC-3. Locks: the accounts.
    """
    held = _charged() if pays else []
    hold_accounts(held)
    sql.run("close_paying", {"held": held, "on": business_date(at)})
    return held


def post_paid(*, month: Month, held: list[int], at: datetime, receivable: int) -> PaidBills:
    """Post what the new bills say is paid of them, and what prepayments' invoices cover of that."""
    facts = {"month": month.first_day, "at": at, "receivable": receivable}
    [(accounts, amount_fen)] = sql.run("post_paid", facts)
    if accounts:
        cover_prepaid(account_ids=held, at=at)
    return PaidBills(accounts=accounts, amount_fen=int(amount_fen))


def _charged() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT account_id FROM close_charge ORDER BY account_id")
        return [account for (account,) in cursor.fetchall()]
