"""Asking the gateway: what a lost notification or a killed process left open is found again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from billing.gateways.protocol import GatewayAdapter, GatewayError, SaidNoError
from billing.models import GatewayOrder
from billing.services.gateway_orders import close_here
from billing.services.gateway_pauses import take_due
from billing.services.gateway_settling import settle_trade

LONGEST_PAUSE_S = 1800
State = GatewayOrder.State


@transaction.atomic
def claim(*, gateway: str, now: datetime, limit: int = 50) -> list[GatewayOrder]:
    """Open orders of a gateway that nobody has asked about lately, for this process.

    Units: ``now`` is technical time.
    Locks: the orders, skipping those that another process has.
    """
    due = GatewayOrder.objects.filter(gateway=gateway, state=State.OPEN, look_after__lte=now)
    return take_due(
        due.select_related("account"), now=now, longest_pause_s=LONGEST_PAUSE_S, limit=limit
    )


def look_at_all(
    claimed: Iterable[GatewayOrder], *, gateway: GatewayAdapter, at: datetime, now: datetime
) -> int:
    """Ask about each; give how many are settled. One that cannot be asked now waits."""
    settled = 0
    for order in claimed:
        try:
            look(order, gateway=gateway, at=at, now=now)
        except GatewayError:
            continue
        settled += order.state != State.OPEN
    return settled


def look(
    order: GatewayOrder, *, gateway: GatewayAdapter, at: datetime, now: datetime
) -> GatewayOrder:
    """Ask what became of an order and follow; one that has expired unpaid is closed.

    Units:  ``now`` is technical time.
    Raises: GatewayError, when the gateway gives no answer to believe.
    """
    settle_trade(gateway=gateway.name, trade=gateway.query(number=order.number), at=at)
    order.refresh_from_db()
    if order.state == State.OPEN and order.expires_at <= now:
        close(order, gateway=gateway, at=at)
    return order


def close(order: GatewayOrder, *, gateway: GatewayAdapter, at: datetime) -> GatewayOrder:
    """Close an unpaid order, at the gateway first; one that was paid meanwhile is booked.

    Raises: GatewayError, when the gateway gives no answer to believe; nothing is closed then.
    """
    try:
        gateway.close(number=order.number)
    except SaidNoError:
        settle_trade(gateway=gateway.name, trade=gateway.query(number=order.number), at=at)
        order.refresh_from_db()
        if order.state == State.OPEN:
            raise
        return order
    close_here(order, at=at)
    return order
