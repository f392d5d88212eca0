"""Facts of sale and revenue: told by the apps above when they happen, never changed.

Commission and the channel pages read nothing else, so they need to know no order and no payment.
"""

from datetime import datetime

from django.db import transaction

from channels.models import RevenueFact, SaleFact


@transaction.atomic
def record_sale(
    *,
    channel_id: int,
    staff_id: int | None,
    order_ref: str,
    business: str,
    item: str,
    customer_id: int,
    monthly_fen: int,
    accepted_at: datetime,
    completed_at: datetime,
) -> SaleFact:
    """Record one sold item of a completed order; the same order and item again changes nothing.

    Units: ``monthly_fen`` is what the item brings in a month, 0 for business without a fee.
    Raises: ValueError when the fact recorded before says something else.
    """
    fact, created = SaleFact.objects.get_or_create(
        order_ref=order_ref,
        item=item,
        defaults={
            "channel_id": channel_id,
            "staff_id": staff_id,
            "business": business,
            "customer_id": customer_id,
            "monthly_fen": monthly_fen,
            "accepted_at": accepted_at,
            "completed_at": completed_at,
        },
    )
    if not created and (fact.channel_id, fact.monthly_fen) != (channel_id, monthly_fen):
        raise ValueError(f"sale {order_ref} {item} is recorded already with other facts")
    return fact


def record_revenue(
    *,
    channel_id: int,
    staff_id: int | None,
    payment_ref: str,
    customer_id: int,
    means: str,
    amount_fen: int,
    at: datetime,
) -> RevenueFact:
    """Record money that a channel took, or gave back (negative); once per ``payment_ref``.

    Raises: ValueError when the fact recorded before says something else.
    """
    told = RevenueFact(
        payment_ref=payment_ref,
        channel_id=channel_id,
        staff_id=staff_id,
        customer_id=customer_id,
        means=means,
        amount_fen=amount_fen,
        at=at,
    )
    RevenueFact.objects.bulk_create([told], ignore_conflicts=True)
    fact = RevenueFact.objects.get(payment_ref=payment_ref)
    if (fact.channel_id, fact.amount_fen) != (channel_id, amount_fen):
        raise ValueError(f"revenue {payment_ref} is recorded already with other facts")
    return fact
