"""What paid a bill: its ledgers, in gift money and in cash."""

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
    entries = Entry.objects.filter(bill_line__bill=bill_id, ledger__account__isnull=False)
    sums = (
        entries.values("ledger_id", "ledger__kind", "ledger__name")
        .annotate(
            gift=Sum("amount_fen", filter=Q(money=Entry.Money.GIFT), default=0),
            cash=Sum("amount_fen", filter=Q(money=Entry.Money.CASH), default=0),
        )
        .order_by("ledger_id")
    )
    shares = [
        LedgerShare(
            ledger_id=row["ledger_id"],
            kind=row["ledger__kind"],
            name=row["ledger__name"],
            gift_fen=-row["gift"],
            cash_fen=-row["cash"],
        )
        for row in sums
    ]
    return [share for share in shares if share.amount_fen]
