"""What follows whenever money comes into a ledger: bills are paid, debt stops end."""

from collections.abc import Collection
from datetime import datetime

from billing.batch.pay_bills import pay_bills
from billing.services.debt_stops import lift_paid


def settle(*, account_ids: Collection[int], at: datetime, by_id: int | None = None) -> None:
    """Pay unpaid bills at once, oldest first (ACC-3), and lift stops that have no cause any more.

    Locks: the accounts, their ledgers, then the subscriptions whose stop ends.
    """
    pay_bills(account_ids=account_ids, at=at, by_id=by_id)
    lift_paid(account_ids=account_ids, at=at)
