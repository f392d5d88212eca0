"""Money at a gateway for an order that we do not know: unidentified, on the books at once."""

from datetime import datetime

from django.db import transaction

from billing.batch import sql
from billing.gateways.protocol import Trade, TradeState
from billing.models import Journal, Reconciliation, UnidentifiedPayment
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.periods import business_date


@transaction.atomic
def hold_told(*, gateway: str, trade: Trade, at: datetime) -> UnidentifiedPayment | None:
    """Hold what a notification tells of; a trade that is held already stays as it is.

    None: nothing came in. Source: PAY-1: a trade is held once, whoever tells of it.
    """
    if trade.state is not TradeState.PAID or not trade.amount_fen or not trade.trade_no:
        return None
    money, fresh = UnidentifiedPayment.objects.get_or_create(
        source=gateway,
        trade_no=trade.trade_no[:64],
        defaults={
            "number": trade.number[:64],
            "amount_fen": trade.amount_fen,
            "arrived_on": business_date(trade.paid_at or at),
        },
    )
    if fresh:
        ledgers = house_ledgers()
        post(
            kind=Journal.Kind.UNIDENTIFIED,
            legs=[
                Leg(ledger_id=ledgers[house.clearing_of(gateway)], amount_fen=-money.amount_fen),
                Leg(ledger_id=ledgers[house.UNIDENTIFIED], amount_fen=money.amount_fen),
            ],
            at=at,
            ref=f"{gateway} {money.trade_no}",
        )
        audit.record(
            action="unidentified.hold",
            subject=f"unidentified:{money.pk}",
            staff_id=None,
            at=at,
            detail={"amount_fen": money.amount_fen, "gateway": gateway, "number": money.number},
        )
    return money


def hold_stated(
    reconciliation: Reconciliation,
    *,
    at: datetime,
    by_id: int | None,
    line_id: int | None = None,
) -> tuple[int, int]:
    """Hold the trades of a statement whose orders we do not know (or one line's); count and fen.

    The caller writes the audit. Units: fen.
    """
    ledgers = house_ledgers()
    rows = sql.run(
        "hold_trades",
        {
            "reconciliation": reconciliation.pk,
            "line": line_id,
            "source": ledgers[house.clearing_of(reconciliation.gateway)],
            "unidentified": ledgers[house.UNIDENTIFIED],
            "at": at,
            "by": by_id,
        },
    )
    return len(rows), sum(amount_fen for (amount_fen,) in rows)
