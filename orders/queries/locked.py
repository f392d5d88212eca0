"""The locks of this app, after those of customers: an order with its work orders, by key."""

from collections.abc import Iterable

from customers.queries.locked import lock_customer
from orders.models import Order, WorkOrder


def lock_order(order_id: int) -> Order:
    """The order, locked behind the customers whose business it moves.

    Acceptance locks the customer before it supersedes another order, so completion and withdrawal
    do too: the two never wait for each other.
    Raises: Order.DoesNotExist.
    """
    seen = Order.objects.select_related("bundle").get(pk=order_id)
    behind = {seen.customer_id} | ({seen.bundle.customer_id} if seen.bundle else set())
    for customer_id in sorted(behind):
        lock_customer(customer_id)
    order: Order = Order.objects.select_for_update(of=["self"]).get(pk=order_id)
    return order


def lock_open_orders(codes: Iterable[str]) -> list[Order]:
    """Those of the orders with these codes that are neither completed nor cancelled, locked."""
    wanted = list(codes)
    if not wanted:
        return []
    found = Order.objects.select_for_update(of=["self"]).filter(
        code__in=wanted, state__in=[Order.State.ACCEPTED, Order.State.IN_PROGRESS]
    )
    return list(found.order_by("pk"))


def lock_work_orders(order_id: int) -> list[WorkOrder]:
    """Every work order of an order in its place, locked."""
    return list(
        WorkOrder.objects.select_for_update(of=["self"])
        .filter(order=order_id)
        .select_related("subscription")
        .order_by("position")
    )
