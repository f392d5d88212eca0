"""Month close 出帐: usage is rated for the last time, bills are issued and paid (BIL-1, BIL-6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection

from billing.batch.issue_bills import issue_bills
from billing.batch.move_joining_cash import move_joining_cash
from billing.batch.pay_bills import pay_bills
from billing.batch.rate_usage import rate_month
from billing.models import ClosedMonth
from billing.queries.control_room import KIND
from billing.queries.locked import lock_books
from billing.services.settlement import settle
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month


def close_month(*, month: Month, at: datetime, again: bool = True) -> BatchRun:
    """Close and bill that month alone; again, or by two at once, it changes nothing more.

    Rating and the closing of the books are one step: what is loaded later is late usage. Then per
    shard of accounts: bills, payment from the ledgers, and at last the cash of those whom a
    unified account begins to pay (ACC-9).
    ``again``: what failed or was parked is tried at once; the schedule leaves it to its pauses.
    Raises: BadInputError before the month's end; NoCatalogueError.
    """
    if at < month.ends_at:
        raise BadInputError(("month", "该月尚未结束，不能出帐。"))
    return run_steps(kind=KIND, key=str(month), at=at, steps=steps(month), again=again)


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a close that is under way."""
    return steps(Month.parse(run.key))


def steps(month: Month) -> Sequence[Step]:
    """The steps of a close, in order."""
    shards = getattr(settings, "CLOSE_SHARDS", 1)
    return (
        Step(name="rate", do=partial(_rate, month)),
        Step(name="bill", do=partial(_bill, month), shards=shards),
        Step(name="pay", do=partial(_pay, month), shards=shards),
        Step(name="move", do=partial(_move, month), shards=shards),
    )


def _rate(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    lock_books(month)
    rated = rate_month(month=month)
    ClosedMonth.objects.get_or_create(month=month.first_day, defaults={"closed_at": at})
    return {"records": rated.records, "rejected": rated.rejected}


def _bill(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    issued = issue_bills(month=month, shard=shard, shards=shards, at=at)
    return {"bills": issued.bills, "total_fen": issued.total_fen, "digest": issued.digest}


def _pay(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    paid = pay_bills(account_ids=_billed_accounts(month, shard, shards), at=at)
    return {"accounts": paid.accounts, "paid_fen": paid.amount_fen}


def _move(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    moved = move_joining_cash(month=month, shard=shard, shards=shards, at=at)
    settle(account_ids=moved.account_ids, at=at)
    return {"accounts": len(moved.account_ids), "moved_fen": moved.amount_fen}


def _billed_accounts(month: Month, shard: int, shards: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM billing_bill WHERE month = %s AND mod(account_id, %s) = %s",
            [month.first_day, shards, shard],
        )
        return [account for (account,) in cursor.fetchall()]
