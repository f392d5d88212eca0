"""The one place that writes journals by hand; the set-based twins are in ``billing.batch``.

Source: ACC-6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.models import Entry, Journal

CASH = Entry.Money.CASH.value
GIFT = Entry.Money.GIFT.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What a journal adds to one ledger (takes from it, when negative)."""

    ledger_id: int
    amount_fen: int
    money: str = CASH
    bill_line_id: int | None = None


def post(
    *,
    kind: Journal.Kind,
    legs: Sequence[Leg],
    at: datetime,
    ref: str = "",
    by_id: int | None = None,
    reverses: Journal | None = None,
) -> Journal:
    """Write one journal with its entries, in one statement; legs of zero are left out.

    The database refuses legs that do not sum to zero, and keeps the ledgers' running totals.
    Locks: the ledgers' rows, by the entries' trigger; the caller holds their accounts.
    """
    journal = Journal.objects.create(kind=kind, at=at, ref=ref, by_id=by_id, reverses=reverses)
    Entry.objects.bulk_create(
        [
            Entry(
                journal=journal,
                ledger_id=leg.ledger_id,
                money=leg.money,
                amount_fen=leg.amount_fen,
                bill_line_id=leg.bill_line_id,
            )
            for leg in legs
            if leg.amount_fen
        ]
    )
    return journal
