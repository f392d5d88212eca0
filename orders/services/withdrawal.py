"""撤单: an order that is not completed is taken back, superseded, or lapses with its bundle."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bss.kernel import outbox
from bss.kernel.rulebook import refuse
from customers.services import subscriptions
from orders.models import Order, WorkOrder
from orders.queries.locked import lock_open_orders, lock_order, lock_work_orders
from orders.rules.cancelled import SENTENCE_OF
from orders.services import fees, resources
from orders.services.states import move
from packages_wo.services import bundles, holdings

BUNDLE_ORDERS = frozenset(
    {Order.Type.OPEN_BUNDLE, Order.Type.CHANGE_BUNDLE, Order.Type.CANCEL_BUNDLE}
)


@transaction.atomic
def withdraw(*, order_id: int, at: datetime, by_id: int | None = None) -> Order:
    """Take an order back that is neither completed nor cancelled; so does failing for good.

    What is installed stays in service with its install fee; an opening's bundle is cancelled.

    Source: EFF-6.
    Raises: RefusedError.
    """
    order = lock_order(order_id)
    if order.state == Order.State.COMPLETED:
        raise refuse("EFF-6", "订单已竣工，不能撤单；请办理变更或解除。")
    if order.state == Order.State.CANCELLED:
        raise refuse("EFF-6", SENTENCE_OF["EFF-6"])
    if order.type in BUNDLE_ORDERS:
        bundles.withdraw(order_ref=order.code)
    _cancel(order, rule="EFF-6", at=at)
    return order


@transaction.atomic
def supersede(*, codes: Iterable[str], at: datetime) -> None:
    """End the open orders among these as a withdrawn one ends. Source: CHG-4."""
    for order in lock_open_orders(codes):
        _cancel(order, rule="CHG-4", at=at)


@transaction.atomic
def lapse(*, order_refs: Iterable[str], at: datetime) -> None:
    """The open changes and cancellations of a bundle that has ended for debt. Source: CRD-4."""
    for order in lock_open_orders(order_refs):
        _cancel(order, rule="CRD-4", at=at)


def _cancel(order: Order, *, rule: str, at: datetime) -> None:
    """The order's own end: open work orders, new subscriptions, numbers, fees."""
    work_orders = lock_work_orders(order.pk)
    done = [each for each in work_orders if each.state == WorkOrder.State.DONE]
    for left in work_orders:
        if left.type == WorkOrder.Type.INSTALL and left not in done:
            subscriptions.terminate(subscription_id=left.subscription_id, at=at)
            holdings.end_holdings(subscription_id=left.subscription_id, at=at)
    move(WorkOrder.objects.filter(order=order), WorkOrder.cancel)
    fees.charge_installs(order, done, at=at)
    resources.free(order_ids=[order.pk])
    order.cancel(at=at, rule=rule)
    order.save(update_fields=["state", "cancelled_at", "cancelled_by_rule"])
    outbox.announce("order.cancelled", {"order_id": order.pk, "rule": rule}, at=at)
