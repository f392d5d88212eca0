"""A month re-rated by the statements of its close, and held against what it came to before.

Whoever may not keep what this writes undoes the transaction.
Source: RAT-2, RAT-14, BIL-4, BIL-7, GEN-3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from billing.batch import sql
from billing.batch.rerating_scope import Scope
from billing.batch.usage.balances import count_pools
from billing.batch.usage.rerate_chosen import LateRecords, rerate_chosen
from billing.queries.close_terms import close_terms
from billing.queries.invoicing import rates_of
from billing.rules.adjusting import AdjustedPart, by_rates
from billing.rules.house import ITEMS
from bss.kernel.periods import Month

FEES = ("BUNDLE_FEE", "PACK_FEE", "PLAN_FEE", "HOLD_FEE")
USAGE = (*(item for item in ITEMS if item.startswith("VOICE_")), "SMS", "DATA", "INFO_FEE")
LATE_USAGE = ("LATE_USAGE",)
FEW = 1_000
"""Up to so many subscribers only their accounts are charged; of more, the whole month is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A line that comes out otherwise; ``line_id`` is the billed one, ``parts`` by rates of VAT.

    Not ``is_billed``: it is of records that stand on no bill yet. ``for_people``: a person has
    adjusted the line, or its records do not come to what was billed.
    """

    account_id: int
    subscription_id: int
    item: str
    line_id: int | None
    old_fen: int
    new_fen: int
    is_billed: bool
    for_people: bool
    parts: Sequence[AdjustedPart]


@dataclass(slots=True, kw_only=True)
class Compared:
    """``sums``: item → (old fen, new fen) of all lines, also of those that stay.

    ``unpriced`` are records and accounts for which the catalogue has no price (any more).
    """

    records: int = 0
    changed: int = 0
    unpriced: int = 0
    differences: list[Difference] = field(default_factory=list)
    sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    late: list[LateRecords] = field(default_factory=list)


def rerate_month(month: Month, scope: Scope, *, is_closed: bool, next_is_closed: bool) -> Compared:
    """Rate the month of these subscribers anew and compare it line by line.

    The fees too of a closed month; an open one has none yet. Late usage of a closed month stands on
    the next bill, or will.
    Raises: NoCatalogueError.
    """
    found = Compared()
    if not len(scope):
        return found
    sql.run("rerated_tables", {"scope": scope.subscription.tolist()})
    sheets = [_Sheet(month, month, scope, (*FEES, *USAGE) if is_closed else USAGE, is_closed)]
    if is_closed:
        sheets.append(_Sheet(month, month.next, scope, LATE_USAGE, next_is_closed))
    for sheet in sheets:
        sheet.note_records()
    done = rerate_chosen(month, subscription=scope.subscription, bundle=scope.bundle)
    found.records, found.changed, found.unpriced = done.records, done.changed, done.unpriced
    found.late = done.late
    if not is_closed:
        count_pools(month, sorted({*scope.bundle.tolist()} - {0}))
    for sheet in sheets:
        sheet.compare(found)
    return found


class _Sheet:
    """Some items of a month, on the bill on which they stand."""

    def __init__(
        self, month: Month, bill: Month, scope: Scope, items: Sequence[str], is_billed: bool
    ) -> None:
        self.month, self.is_billed = month, is_billed
        self.has_fees = FEES[0] in items
        few = len(scope) <= FEW
        self.facts: dict[str, Any] = {
            **close_terms(bill),
            "rated_month": month.first_day,
            "compared": list(items),
            "subscriptions": scope.subscription.tolist() if few else None,
            "shard": 0,
            "shards": 1,
        }
        self.facts["only"] = _accounts() if few else None

    def note_records(self) -> None:
        """Keep what the records come to as they are."""
        sql.run("close_tables", self.facts)
        sql.run("usage_charges", self.facts)
        sql.run("rerated_before", self.facts)

    def compare(self, found: Compared) -> None:
        """Add the lines that come out otherwise, and the sums of all."""
        self._charge()
        if self.has_fees:
            faulty = {account for account, _, _ in sql.run("close_faults", self.facts)}
            found.unpriced += len(faulty.intersection(_accounts()) if faulty else ())
        sql.run("rerated_old" if self.is_billed else "rerated_open", self.facts)
        usual = rates_of(self.month)
        for account, subscription, item, line, old, new, for_people, rates in sql.run(
            "rerated_lines", self.facts
        ):
            if account is None:
                found.sums[item] = (old, new)
                continue
            found.differences.append(
                Difference(
                    account_id=account,
                    subscription_id=subscription,
                    item=item,
                    line_id=line,
                    old_fen=old,
                    new_fen=new,
                    is_billed=self.is_billed,
                    for_people=for_people,
                    parts=_divided(new - old, rates or [(usual[item], 1)]),
                )
            )

    def _charge(self) -> None:
        sql.run("close_tables", self.facts)
        if self.has_fees:
            sql.run("bundle_fees", self.facts)
            sql.run("plan_fees", self.facts)
        sql.run("usage_charges", self.facts)


def _accounts() -> list[int]:
    """Of the scope, that ``rerated_tables`` keeps."""
    return [account for (account,) in sql.run("rerated_accounts", {})]


def _divided(fen: int, rates: Sequence[tuple[int, int]]) -> Sequence[AdjustedPart]:
    """As the line is divided; one that comes to nothing in equal parts. Source: BIL-4."""
    if not any(weight for _, weight in rates):
        rates = [(percent, 1) for percent, _ in rates]
    return by_rates(fen, rates)
