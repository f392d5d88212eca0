"""Money leaves a ledger that has paid bills with it: the latest paid lines are due again."""

from collections.abc import Sequence

from django.db.models import F

from billing.models import Bill, BillLine, Entry, Ledger
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.rules.reversal import LineEntry, take_back

__all__ = ["LineEntry", "legs_back", "lines_to_unpay", "unpay"]
from billing.services.posting import Leg


def lines_to_unpay(ledger: Ledger, *, amount_fen: int) -> list[LineEntry] | None:
    """From which lines to take what the ledger's cash lacks, the latest payment first.

    None: the lines that its cash paid do not come to it either.
    """
    lacking_fen = max(0, amount_fen - ledger.cash_fen)
    return take_back(_paid_with_cash(ledger), lacking_fen=lacking_fen)


def legs_back(ledger: Ledger, back: Sequence[LineEntry]) -> list[Leg]:
    """The lines' money is in the ledger again, and owed again."""
    returned_fen = sum(part.amount_fen for part in back)
    return [
        *(
            Leg(ledger_id=ledger.pk, amount_fen=part.amount_fen, bill_line_id=part.line)
            for part in back
        ),
        Leg(ledger_id=house_ledgers()[house.RECEIVABLE], amount_fen=-returned_fen),
    ]


def unpay(back: Sequence[LineEntry]) -> None:
    """The lines and their bills are due again. Locks: the caller holds the account."""
    for part in back:
        BillLine.objects.filter(pk=part.line).update(paid_fen=F("paid_fen") - part.amount_fen)
        Bill.objects.filter(lines=part.line).update(paid_fen=F("paid_fen") - part.amount_fen)


def _paid_with_cash(ledger: Ledger) -> list[LineEntry]:
    """In the order in which it was written; what a credit brought into the ledger paid nothing."""
    entries = Entry.objects.filter(
        ledger=ledger, bill_line__amount_fen__gt=0, money=Entry.Money.CASH
    ).order_by("id")
    return [
        LineEntry(line=line, amount_fen=-amount_fen)
        for line, amount_fen in entries.values_list("bill_line_id", "amount_fen")
    ]
