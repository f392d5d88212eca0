"""Bills of a shard in which the database refuses some: those accounts are found and set apart."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import DataError, IntegrityError, InternalError, connection, transaction

from billing.batch.issue_bills import Fault, IssuedBills, issue_bills
from bss.kernel.errors import Sentence
from bss.kernel.logs import error_line
from bss.kernel.periods import Month

REFUSALS = (IntegrityError, DataError, InternalError)
"""What speaks of an account's data, and not of the disk, the network or another worker."""
REFUSED = "数据库拒绝了这份帐单: %(error)s"


def issue_apart(
    *,
    month: Month,
    shard: int,
    shards: int,
    at: datetime,
    only: Sequence[int] | None = None,
    pays: bool = False,
) -> IssuedBills:
    """``issue_bills``; when the database refuses, by halves, until only the refused are left out.

    Costs about twice the shard when one account is refused, and nothing more when none is.
    """
    try:
        with transaction.atomic():
            return issue_bills(month=month, shard=shard, shards=shards, at=at, only=only, pays=pays)
    except REFUSALS as refusal:
        accounts = sorted(only if only is not None else _accounts_of(shard, shards))
        if len(accounts) <= 1:
            why = Sentence(REFUSED, error=error_line(refusal))
            return _none([Fault(account_id=account, why=why) for account in accounts])
    middle = len(accounts) // 2
    return _together(
        [
            issue_apart(month=month, shard=shard, shards=shards, at=at, only=half, pays=pays)
            for half in (accounts[:middle], accounts[middle:])
        ]
    )


def _accounts_of(shard: int, shards: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM billing_account WHERE mod(id, %s) = %s", [shards, shard])
        return [account for (account,) in cursor.fetchall()]


def _none(faults: Sequence[Fault]) -> IssuedBills:
    return IssuedBills(bills=0, total_fen=0, digest="", faults=tuple(faults))


def _together(parts: Sequence[IssuedBills]) -> IssuedBills:
    return IssuedBills(
        bills=sum(part.bills for part in parts),
        total_fen=sum(part.total_fen for part in parts),
        digest=hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest(),
        paid_accounts=sum(part.paid_accounts for part in parts),
        paid_fen=sum(part.paid_fen for part in parts),
        faults=tuple(fault for part in parts for fault in part.faults),
    )
