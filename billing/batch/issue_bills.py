"""One shard's bills of a month: fees and usage become lines, lines become bills and journals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from billing.batch import sql
from billing.batch.paid_when_issued import find_paying, post_paid
from billing.queries.close_terms import close_terms
from billing.queries.house import house_ledgers
from billing.rules import house
from bss.kernel.errors import Sentence
from bss.kernel.periods import Month

CHARGES = ("bundle_fees", "plan_fees", "one_off_fees", "usage_charges")


FAULTS = {
    "tier": "套餐 %(code)s 元档在该月的产品目录里没有价格。",
    "pack": "加装包 %(code)s 在该月的产品目录里没有价格。",
    "plan": "单产品套餐 %(code)s 在该月的产品目录里没有价格。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An account that is not billed, because its bill would be wrong; ``why`` is a sentence."""

    account_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBills:
    """How many bills were issued, what they come to, and a digest of account and total of each.

    Of so many accounts so much was paid at once.
    """

    bills: int
    total_fen: int
    digest: str
    paid_accounts: int = 0
    paid_fen: int = 0
    faults: tuple[Fault, ...] = ()


def issue_bills(
    *,
    month: Month,
    shard: int,
    shards: int,
    at: datetime,
    only: Sequence[int] | None = None,
    pays: bool = False,
) -> IssuedBills:
    """Issue the bills of every account of the shard that has a charge in the month.

    Credits among the lines pay the others at once (BIL-7). What the catalogue does not price is not
    left out of a bill: its account has no bill, and is named. ``only`` these accounts of the shard.
    ``pays``: what its public ledger alone pays is written as paid, so that no line is written
    twice; the rest is left to ``pay_bills``.
    Source: BIL-1, BIL-4, BIL-5, EFF-4, CRD-5, GEN-3, ACC-3.
    Accounts are in shard ``id mod shards``.
    Runs once per month and account: a second bill of the month is refused by the database.
    Locks:  the accounts that are charged, when it ``pays``.
    """
    ledgers = house_ledgers()
    parameters = {
        **close_terms(month),
        "at": at,
        "shard": shard,
        "shards": shards,
        "only": None if only is None else list(only),
        "subscriptions": None,
        "receivable": ledgers[house.RECEIVABLE],
        "tax": ledgers[house.TAX],
        "revenue": [ledgers[house.revenue_of(item)] for item in house.ITEMS],
    }
    late = late_terms()
    sql.run("close_tables", parameters)
    for charges in CHARGES:
        sql.run(charges, parameters)
    if late["per_mille"]:
        sql.run("late_fees", parameters | late)
    faults = tuple(
        Fault(account_id=account_id, why=Sentence(FAULTS[what], code=code))
        for account_id, what, code in sql.run("close_faults", parameters)
    )
    if faults or only is not None:
        sql.run("set_aside", parameters | {"aside": [fault.account_id for fault in faults]})
    held = find_paying(at=at, pays=pays)
    sql.run("issue_bills", parameters)
    sql.run("post_bills", parameters)
    paid = post_paid(month=month, held=held, at=at, receivable=ledgers[house.RECEIVABLE])
    sql.run("net_credits", parameters)
    [(bills, total_fen, digest)] = sql.run("count_bills", parameters)
    return IssuedBills(
        bills=bills,
        total_fen=int(total_fen),
        digest=digest,
        paid_accounts=paid.accounts,
        paid_fen=paid.amount_fen,
        faults=faults,
    )


def late_terms() -> dict[str, Decimal | int]:
    """What the operator takes for paying late; per mille 0 is nothing. Source: PAY-8."""
    return {
        "per_mille": settings.LATE_FEE_PER_MILLE_A_DAY,
        "cap_percent": settings.LATE_FEE_CAP_PERCENT,
    }
