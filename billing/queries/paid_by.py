"""What paid a bill: its ledgers, in gift money and in cash."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from billing.models import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShare:
    """What one ledger paid of a bill. Units: fen."""

    ledger_id: int
    kind: str
    name: str
    gift_fen: int
    cash_fen: int

    @property
    def amount_fen(self) -> int:
        return self.gift_fen + self.cash_fen


def paid_by_ledger(bill_id: int) -> list[LedgerShare]:
    """The ledgers in the order in which they were opened; what was taken back is taken off."""
    return paid_by_ledgers([bill_id])[bill_id]


def paid_by_ledgers(bill_ids: Collection[int]) -> dict[int, list[LedgerShare]]:
    """``paid_by_ledger`` of many bills, in one query; a bill that nothing paid has no shares."""
    entries = Entry.objects.filter(bill_line__bill__in=bill_ids, ledger__account__isnull=False)
    sums = (
        entries.values("bill_line__bill_id", "ledger_id", "ledger__kind", "ledger__name")
        .annotate(
            gift=Sum("amount_fen", filter=Q(money=Entry.Money.GIFT), default=0),
            cash=Sum("amount_fen", filter=Q(money=Entry.Money.CASH), default=0),
        )
        .order_by("ledger_id")
    )
    shares: dict[int, list[LedgerShare]] = {bill_id: [] for bill_id in bill_ids}
    for row in sums:
        share = LedgerShare(
            ledger_id=row["ledger_id"],
            kind=row["ledger__kind"],
            name=row["ledger__name"],
            gift_fen=-row["gift"],
            cash_fen=-row["cash"],
        )
        if share.amount_fen:
            shares[row["bill_line__bill_id"]].append(share)
    return shares
