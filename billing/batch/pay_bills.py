"""Paying bills from the ledgers of their accounts: for one account or for all of a close."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from billing.batch import sql
from billing.batch.cover_prepaid import cover_prepaid
from billing.queries.house import house_ledger
from billing.queries.locked import hold_accounts
from billing.rules import house
from bss.kernel.periods import business_date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBills:
    """How many accounts paid, and how much in all."""

    accounts: int
    amount_fen: int


def pay_bills(*, account_ids: Collection[int], at: datetime, by_id: int | None = None) -> PaidBills:
    """Pay what these accounts owe on issued bills as far as their ledgers reach, oldest first.

    Again, it does nothing: what is paid is no longer due, and what is due had no money left.
    Source: ACC-3; an expired ledger does not pay (the last day of a ledger is its ``expires_on``).
    Locks:  the accounts, then their ledgers.
    """
    ids = sorted(set(account_ids))
    if not ids:
        return PaidBills(accounts=0, amount_fen=0)
    hold_accounts(ids)
    [(accounts, amount_fen)] = sql.run(
        "pay_bills",
        {
            "accounts": ids,
            "on": business_date(at),
            "at": at,
            "by": by_id,
            "receivable": house_ledger(house.RECEIVABLE),
        },
    )
    if accounts:
        cover_prepaid(account_ids=ids, at=at)
    return PaidBills(accounts=accounts, amount_fen=int(amount_fen))
