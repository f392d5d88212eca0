"""What becomes of accepted orders: completed, withdrawn, superseded, lapsed."""

from datetime import datetime
from typing import Any

from tests.oracle import single
from tests.oracle.amounts import fen
from tests.oracle.entities import Bundle, OneOff, Order, Subscription
from tests.oracle.months import first_day, later, month_of
from tests.oracle.reader import BadFileError
from tests.oracle.world import World


def changes_in(world: World, customer: str, month: str) -> int:
    """Accepted changes of all bundles of the customer who opened them, withdrawn ones too."""
    return sum(
        order.type == "change_bundle"
        and world.bundles[order.bundle].customer == customer
        and month_of(order.at) == month
        for order in world.orders.values()
    )


def cancellation_of(world: World, bundle: Bundle) -> Order | None:
    for order in world.orders.values():
        if order.type == "cancel_bundle" and order.bundle == bundle.id and order.live:
            return order
    return None


def supersede_changes(world: World, bundle: Bundle, *, at: datetime) -> None:
    """CHG-4: of several changes of a bundle only the last one, or a cancellation, acts."""
    for order in world.orders.values():
        if order.type == "change_bundle" and order.bundle == bundle.id and order.live:
            lapse(world, order, rule="CHG-4", at=at)


def lapse(world: World, order: Order, *, rule: str, at: datetime) -> None:
    """An order that shall not act: an open one ends as a withdrawn one does."""
    order.superseded = True
    if order.open:
        cancel(world, order, rule=rule, at=at)


def cancel(world: World, order: Order, *, rule: str, at: datetime) -> None:
    order.state, order.cancelled_by = "cancelled", rule
    for work_order in order.work_orders.values():
        work_order.cancelled = not work_order.done
    for sub in order.new:
        subscription = world.subscriptions[sub]
        if subscription.state == "pending":
            subscription.states.append((at, "terminated"))
    _charge_installation(world, order, at=at)
    if order.type == "open_bundle":
        world.bundles[order.id].state = "cancelled"


def withdraw(world: World, name: str, *, at: datetime) -> set[str]:
    order = _order(world, name)
    if not order.open:
        return {"EFF-6"}
    cancel(world, order, rule="EFF-6", at=at)
    return set()


def complete(world: World, fields: Any, *, at: datetime) -> set[str]:
    if isinstance(fields, str):
        fields = {"order": fields}
    order = _order(world, fields["order"])
    names = fields.get("work_orders") or list(order.work_orders)
    for name in names:
        if name not in order.work_orders:
            raise BadFileError(f"order {order.id!r} has no work order {name!r}")
    if order.state == "cancelled":
        return {order.cancelled_by}
    if order.state == "completed":
        return set()
    for name in names:
        for before in order.work_orders[name].after:
            if not order.work_orders[before].done and before not in names:
                return {"PAR-11"}
    if order.type in single.TYPES:
        rules = single.refusals_at_completion(world, order, at=at)
        if rules:
            return rules

    for name in names:
        work_order = order.work_orders[name]
        if not work_order.done:
            work_order.done = True
            order.state = "in_progress"
            if work_order.type == "install":
                _install(world.subscriptions[work_order.subscription], at=at)
    if all(work_order.done for work_order in order.work_orders.values()):
        finish(world, order, at=at)
    return set()


def finish(world: World, order: Order, *, at: datetime) -> None:
    """The order is completed: what acts later is due on the next 1st (EFF-1, CHG-5)."""
    order.state, order.completed_on = "completed", at.date()
    order.completed_seq = world.next()
    order.due = later(month_of(at))
    _charge_installation(world, order, at=at)
    if order.type == "open_bundle":
        world.bundles[order.id].effective = first_day(order.due)
    if order.type == "cancel_bundle":
        world.bundles[order.bundle].ends = first_day(order.due)
    if order.type in single.TYPES:
        single.act(world, order, at=at)


def _install(subscription: Subscription, *, at: datetime) -> None:
    subscription.states.append((at, "active"))
    subscription.began = at


def _charge_installation(world: World, order: Order, *, at: datetime) -> None:
    fees = world.catalogue.data["fees"]["install"]
    for sub in order.new:
        subscription = world.subscriptions[sub]
        if subscription.began:
            world.one_offs.append(OneOff(sub, at, fen(fees[subscription.service])))


def _order(world: World, name: str) -> Order:
    if name not in world.orders:
        raise BadFileError(f"unknown order {name!r}")
    return world.orders[name]
