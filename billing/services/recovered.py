"""What a payment recovered of a debt that was written off goes back with the payment (PAY-6)."""

from datetime import datetime

from billing.models import Journal, Payment, Recovery
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services.posting import Leg, post


def undo_recovery(payment: Payment, *, at: datetime, by_id: int | None) -> None:
    """Put what was booked as recovered back into the ledger, so that it can be taken out of it.

    Locks: the caller holds the account.
    """
    recovery = Recovery.objects.filter(payment=payment).select_related("journal").first()
    if recovery is None:
        return
    post(
        kind=Journal.Kind.REVERSAL,
        legs=[
            Leg(
                ledger_id=house_ledgers()[house.RECOVERED],
                amount_fen=-recovery.amount_fen,
            ),
            Leg(ledger_id=payment.ledger_id, amount_fen=recovery.amount_fen),
        ],
        at=at,
        ref=payment.key,
        by_id=by_id,
        reverses=recovery.journal,
    )
