"""What a rehearsed month would bring; asked within the transaction that will be undone (BIL-6)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from billing.models import Bill, BillLine
from billing.queries import control_room
from billing.queries.close_terms import close_terms
from billing.rules.close_policy import Found, ItemSum
from bss.kernel.periods import Month

DIFFERENCES_KEPT = 50
UNCHARGED_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncharged:
    """A service in use that costs nobody anything; ``account`` is who pays for it, if anyone."""

    subscription_id: int
    number: str
    service: str
    account: str | None


def found_in(month: Month, *, parked: Collection[int], uncharged: int) -> Found:
    """The month's bills against the month before's, and counts of what is odd."""
    bills, before = control_room.bill_facts(month), control_room.bill_facts(month.previous)
    labels = dict(BillLine.Item.choices)
    [(negative, zero, gone, unbilled)] = _ask("rehearsed", month, parked)
    return Found(
        bills=bills.bills,
        total_fen=bills.total_fen,
        before_bills=before.bills,
        before_fen=before.total_fen,
        items=[
            ItemSum(
                item=row.item, label=labels[row.item], fen=row.amount_fen, before_fen=row.before_fen
            )
            for row in control_room.item_totals(month)
        ],
        counts={
            "negative": negative,
            "zero": zero,
            "gone": gone,
            "parked": len(parked),
            "uncharged": uncharged,
            "unbilled": int(unbilled),
        },
    )


def uncharged_in(month: Month, *, parked: Collection[int]) -> list[Uncharged]:
    """Services in use without any charge, by number."""
    return [
        Uncharged(subscription_id=pk, number=number, service=service, account=account)
        for pk, number, service, account in _ask("uncharged", month, parked)
    ]


def largest_differences(month: Month) -> list[Bill]:
    """As ``control_room.outliers``: each bill has ``before_fen`` and ``change_fen``."""
    return control_room.outliers(month, shown=DIFFERENCES_KEPT)


@cache
def _statement(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def _ask(name: str, month: Month, parked: Collection[int]) -> list[tuple[Any, ...]]:
    facts: dict[str, Any] = {**close_terms(month), "parked": list(parked)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), facts)
        return cursor.fetchall()
