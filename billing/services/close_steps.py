"""What a month's close does to one shard of accounts, or later to those that were set aside."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from billing.batch.issue_apart import issue_apart
from billing.batch.issue_bills import Fault
from billing.batch.move_joining_cash import move_joining_cash
from billing.batch.pay_bills import pay_bills
from billing.batch.usage.merge import merge_parts
from billing.batch.usage.rated_by import forget_terms
from billing.models import UnbilledAccount
from billing.queries.unbilled import unbilled_of
from billing.services.settlement import settle
from bss.kernel.batch.steps import Report
from bss.kernel.periods import Month
from bss.kernel.sentences import stored

Accounts = Sequence[int] | None


def bill(month: Month, only: Accounts = None, *, shard: int, shards: int, at: datetime) -> Report:
    """Issue bills, most of them paid at once (ACC-3).

    An account whose bill would be wrong is parked with the reason (BIL-6).
    """
    issued = issue_apart(month=month, shard=shard, shards=shards, at=at, only=only, pays=True)
    _park(month, issued.faults, at=at)
    if only is not None:
        faulty = {fault.account_id for fault in issued.faults}
        billed = [account for account in only if account not in faulty]
        unbilled_of(month).filter(account__in=billed).update(billed_at=at)
    return {
        "bills": issued.bills,
        "total_fen": issued.total_fen,
        "accounts": issued.paid_accounts,
        "paid_fen": issued.paid_fen,
        "parked": len(issued.faults),
        "digest": issued.digest,
    }


def pay(month: Month, only: Accounts = None, *, shard: int, shards: int, at: datetime) -> Report:
    """Pay what the accounts of new bills still owe from their ledgers (ACC-3)."""
    paid = pay_bills(account_ids=_owing(month, only, shard, shards), at=at)
    return {"accounts": paid.accounts, "paid_fen": paid.amount_fen}


def move(month: Month, only: Accounts = None, *, shard: int, shards: int, at: datetime) -> Report:
    """Let the cash of those who join a unified account follow them (ACC-9)."""
    moved = move_joining_cash(month=month, shard=shard, shards=shards, at=at, only=only)
    settle(account_ids=moved.account_ids, at=at)
    return {"accounts": len(moved.account_ids), "moved_fen": moved.amount_fen}


def merge(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    """Make the month's usage few partitions, now that it is closed."""
    merged = merge_parts(month)
    forget_terms(month)
    return {"parts": merged}


def _park(month: Month, faults: Sequence[Fault], *, at: datetime) -> None:
    UnbilledAccount.objects.bulk_create(
        [
            UnbilledAccount(
                month=month.first_day,
                account_id=fault.account_id,
                why=stored(fault.why),
                parked_at=at,
            )
            for fault in faults
        ],
        update_conflicts=True,
        unique_fields=["month", "account"],
        update_fields=["why", "parked_at"],
    )


def _owing(month: Month, only: Accounts, shard: int, shards: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM billing_bill bill WHERE month = %s AND mod(account_id, %s) = %s"
            " AND (%s::bigint[] IS NULL OR account_id = ANY (%s)) AND EXISTS ("
            "    SELECT FROM billing_bill due"
            "    WHERE due.account_id = bill.account_id AND due.paid_fen < due.total_fen)",
            [month.first_day, shards, shard, *[None if only is None else list(only)] * 2],
        )
        return [account for (account,) in cursor.fetchall()]
