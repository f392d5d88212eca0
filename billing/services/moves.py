"""Money moves between ledgers, and gifts lapse."""

from datetime import datetime

from billing.models import Journal, Ledger
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services.posting import CASH, GIFT, Leg, post


def move(
    *,
    source: Ledger,
    target: Ledger,
    at: datetime,
    gift_too: bool = True,
    by_id: int | None = None,
) -> int:
    """Move all that a ledger has into another; gift money stays gift money. Gives the fen moved.

    Locks: the caller holds both accounts.
    """
    source.refresh_from_db(fields=["cash_fen", "gift_fen"])
    amounts = {CASH: source.cash_fen, GIFT: source.gift_fen if gift_too else 0}
    if source.pk == target.pk or not any(amounts.values()):
        return 0
    legs = []
    for money, amount_fen in amounts.items():
        legs.append(Leg(ledger_id=source.pk, money=money, amount_fen=-amount_fen))
        legs.append(Leg(ledger_id=target.pk, money=money, amount_fen=amount_fen))
    post(kind=Journal.Kind.MOVE, legs=legs, at=at, ref=source.name, by_id=by_id)
    return sum(amounts.values())


def lapse_gift(*, ledger: Ledger, at: datetime) -> int:
    """A ledger's gift money is void. Gives the fen that lapsed. Source: CAN-3, CAN-7."""
    ledger.refresh_from_db(fields=["cash_fen", "gift_fen"])
    if not ledger.gift_fen:
        return 0
    post(
        kind=Journal.Kind.LAPSE,
        legs=[
            Leg(ledger_id=ledger.pk, money=GIFT, amount_fen=-ledger.gift_fen),
            Leg(ledger_id=house_ledgers()[house.GIFT], money=GIFT, amount_fen=ledger.gift_fen),
        ],
        at=at,
        ref=ledger.name,
    )
    return ledger.gift_fen
