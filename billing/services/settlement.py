"""What follows whenever money comes into a ledger: bills are paid, debt stops end."""

from collections.abc import Collection
from datetime import datetime

from billing.batch.pay_bills import pay_bills
from billing.queries.unsettled import unsettled
from billing.services.debt_stops import lift_paid

FEW = 100


def settle(*, account_ids: Collection[int], at: datetime, by_id: int | None = None) -> None:
    """Pay unpaid bills at once, oldest first (ACC-3), and lift stops that have no cause any more.

    Few accounts are asked first whether there is anything to do: mostly there is not.
    Locks: the caller holds the accounts; their ledgers, then the subscriptions whose stop ends.
    """
    owe, stopped = unsettled(account_ids) if len(account_ids) <= FEW else (True, True)
    if owe:
        pay_bills(account_ids=account_ids, at=at, by_id=by_id)
    if stopped:
        lift_paid(account_ids=account_ids, at=at)
