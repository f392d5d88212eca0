"""ACC-9: cash follows a subscription to the unified account that begins to pay it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.batch import sql
from billing.models import Account, PayRelation
from billing.queries.locked import hold_accounts
from bss.kernel.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCash:
    """Whose public ledgers received money, and how much in all."""

    account_ids: tuple[int, ...]
    amount_fen: int


def move_joining_cash(
    *, month: Month, shard: int, shards: int, at: datetime, only: Sequence[int] | None = None
) -> MovedCash:
    """Move what is left after the month's own bills; gift money stays where it is.

    Again, it moves what came since: the caller runs it once per month and shard, or for ``only``
    the accounts that were billed later. An account that is still unbilled keeps its cash.
    Locks: the accounts of those who join, both the own and the unified.
    """
    joining = PayRelation.objects.filter(
        valid_from=month.ends_at, account__kind=Account.Kind.UNIFIED
    )
    own = Account.objects.filter(subscription__in=joining.values("subscription"), current=True)
    unified = joining.values_list("account_id", flat=True)
    hold_accounts([*unified, *own.values_list("id", flat=True)])
    moved = sql.run(
        "move_joining_cash",
        {
            "month": month.first_day,
            "ends_at": month.ends_at,
            "at": at,
            "shard": shard,
            "shards": shards,
            "only": None if only is None else list(only),
        },
    )
    return MovedCash(
        account_ids=tuple(sorted({account for account, _ in moved})),
        amount_fen=sum(amount for _, amount in moved),
    )
