"""竣工: the last work order is done; the business acts, or waits for its 1st."""

from collections.abc import Sequence
from datetime import datetime

from bss.kernel import outbox
from orders.models import Order, WorkOrder
from orders.services import fees, sales, single
from orders.services.withdrawal import BUNDLE_ORDERS
from packages_wo.services import bundles


def complete_order(order: Order, work_orders: Sequence[WorkOrder], *, at: datetime) -> None:
    """Complete an order whose work orders are all done.

    Source: EFF-1 — the day of completion decides the month of effect.
    Locks:  the caller holds the order.
    """
    order.complete(at=at)
    order.save(update_fields=["state", "completed_at"])
    if order.type in BUNDLE_ORDERS:
        bundles.schedule(order_ref=order.code, completed_at=at)
        fees.charge_installs(order, work_orders, at=at)
    else:
        single.act(order, at=at)
    sales.record(order, at=at)
    outbox.announce("order.completed", {"order_id": order.pk}, at=at)
