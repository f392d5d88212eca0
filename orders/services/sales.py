"""发展事实: what a completed order sold, told to the channels."""

from datetime import datetime

from channels.services.facts import record_sale
from orders.models import Order
from orders.queries.sold import items_sold


def record(order: Order, *, at: datetime) -> None:
    """One sale fact for each item that the order has sold; commission reads nothing else."""
    for item in items_sold(order):
        record_sale(
            channel_id=order.channel_id,
            staff_id=order.accepted_by_id,
            order_ref=order.code,
            business=order.type,
            item=item.name,
            customer_id=order.customer_id,
            monthly_fen=item.monthly_fen,
            accepted_at=order.accepted_at,
            completed_at=at,
        )
