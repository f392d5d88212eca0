"""Work orders as a graph: written once, then moved from waiting to ready to done (PAR-11)."""

from collections.abc import Iterable, Mapping, Sequence

from orders.models import Order, WorkOrder
from orders.rules.field_work import is_manual
from orders.rules.parsing import WorkOrderSpec

State = WorkOrder.State
Link = WorkOrder.after.through


def write(
    order: Order, specs: Sequence[WorkOrderSpec], *, services: Mapping[int, str]
) -> list[WorkOrder]:
    """The work orders of an accepted order, with what each waits for."""
    rows: list[WorkOrder] = WorkOrder.objects.bulk_create(
        WorkOrder(
            order=order,
            position=position,
            type=spec.key.type,
            subscription_id=spec.key.subscription_id,
            product=spec.key.product,
            rule=spec.rule,
            manual=is_manual(spec.key.type, services[spec.key.subscription_id]),
            state=State.WAITING if spec.after else State.READY,
            detail=dict(spec.detail),
        )
        for position, spec in enumerate(specs, start=1)
    )
    by_key = {spec.key: row.pk for spec, row in zip(specs, rows, strict=True)}
    Link.objects.bulk_create(
        Link(from_workorder_id=by_key[spec.key], to_workorder_id=by_key[before])
        for spec in specs
        for before in spec.after
    )
    return rows


def predecessors(work_orders: Iterable[WorkOrder]) -> dict[int, set[int]]:
    """Work order → those it waits for, done or not."""
    found: dict[int, set[int]] = {work_order.pk: set() for work_order in work_orders}
    links = Link.objects.filter(from_workorder__in=found)
    for after, before in links.values_list("from_workorder_id", "to_workorder_id"):
        found[after].add(before)
    return found


def in_dependency_order(
    work_orders: Sequence[WorkOrder], before: Mapping[int, set[int]]
) -> list[WorkOrder]:
    """The same work orders, each behind those among them that it waits for; else by place."""
    left = list(work_orders)
    ordered: list[WorkOrder] = []
    while left:
        waiting = {work_order.pk for work_order in left}
        free = [work_order for work_order in left if not before[work_order.pk] & waiting]
        if not free:
            raise ValueError("work orders wait for each other in a circle")
        ordered += free
        left = [work_order for work_order in left if work_order not in free]
    return ordered
