"""工单: done, failed, or waiting for the others; an order ends with its last one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from bss.kernel import outbox
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse
from orders.models import Order, WorkOrder
from orders.queries.locked import lock_order, lock_work_orders
from orders.rules.cancelled import SENTENCE_OF
from orders.services import completion, graph, installation, single
from orders.services.states import move

State = WorkOrder.State


@transaction.atomic
def complete(
    *,
    order_id: int,
    work_order_ids: Collection[int] | None = None,
    at: datetime,
    by_id: int | None = None,
) -> Order:
    """Complete the named work orders, or all that are left, each behind those it waits for.

    ``install`` acts now; everything else of a bundle order is prepared and acts at effect (PAR-13).
    What is done already stays as it is; a completed order changes nothing.

    Locks:  the customers, the order, its work orders, then the subscriptions that it acts on.
    Raises: RefusedError — PAR-11 when a predecessor is neither done nor named, the rule that
            cancelled the order, CRD-6 for hold and resume.
    """
    order = lock_order(order_id)
    if order.state == Order.State.COMPLETED:
        return order
    if order.state == Order.State.CANCELLED:
        raise refuse(order.cancelled_by_rule, SENTENCE_OF[order.cancelled_by_rule])
    every = lock_work_orders(order.pk)
    chosen = _chosen(every, work_order_ids)
    if not chosen:
        return order
    before = graph.predecessors(every)
    _refuse_out_of_turn(every, chosen, before)
    single.check_again(order, at=at)
    installation.install(graph.in_dependency_order(chosen, before), at=at)
    _finish(chosen, at=at, by_id=by_id)
    done = {work_order.pk for work_order in every if work_order.state == State.DONE}
    done |= {work_order.pk for work_order in chosen}
    _make_ready(every, before, done=done)
    if order.state == Order.State.ACCEPTED:
        order.begin()
        order.save(update_fields=["state"])
    if len(done) == len(every):
        completion.complete_order(order, every, at=at)
    else:
        outbox.announce("work_orders.done", {"order_id": order.pk}, at=at)
    return order


@transaction.atomic
def fail(*, work_order_id: int, error: str, at: datetime) -> WorkOrder:
    """A ready work order could not be done: it can be tried again, or the order given up."""
    order_id = WorkOrder.objects.values_list("order_id", flat=True).get(pk=work_order_id)
    lock_order(order_id)
    work_order: WorkOrder = WorkOrder.objects.select_for_update(of=["self"]).get(pk=work_order_id)
    work_order.fail(error=error[:200])
    work_order.save(update_fields=["state", "last_error"])
    outbox.announce(
        "work_order.failed", {"work_order_id": work_order_id, "order_id": order_id}, at=at
    )
    return work_order


@transaction.atomic
def try_again(*, work_order_id: int, at: datetime) -> WorkOrder:
    """Give a failed work order back to the platform, after its cause is mended."""
    work_order: WorkOrder = WorkOrder.objects.select_for_update(of=["self"]).get(pk=work_order_id)
    work_order.try_again()
    work_order.save(update_fields=["state", "attempts", "retry_after"])
    outbox.announce("work_orders.ready", {"order_id": work_order.order_id}, at=at)
    return work_order


@transaction.atomic
def appoint(
    *, work_order_id: int, appointment_from: datetime, appointment_until: datetime
) -> WorkOrder:
    """Agree with the customer when 装维 comes. Raises: BadInputError."""
    work_order: WorkOrder = WorkOrder.objects.select_for_update(of=["self"]).get(pk=work_order_id)
    if not work_order.manual:
        raise BadInputError(("work_order", "平台自动执行的工单没有预约时间。"))
    if appointment_until <= appointment_from:
        raise BadInputError(("appointment_until", "预约的结束时间应晚于开始时间。"))
    if work_order.state in {State.DONE, State.CANCELLED}:
        raise BadInputError(("work_order", "工单已经完成或撤销，不能预约。"))
    work_order.appointment_from = appointment_from
    work_order.appointment_until = appointment_until
    work_order.save(update_fields=["appointment_from", "appointment_until"])
    return work_order


def _chosen(every: Sequence[WorkOrder], ids: Collection[int] | None) -> list[WorkOrder]:
    left = [work_order for work_order in every if work_order.state != State.DONE]
    if ids is None:
        return left
    known = {work_order.pk for work_order in every}
    if not known.issuperset(ids):
        raise BadInputError(("work_orders", "订单中没有这个工单。"))
    return [work_order for work_order in left if work_order.pk in set(ids)]


def _refuse_out_of_turn(
    every: Sequence[WorkOrder], chosen: Sequence[WorkOrder], before: dict[int, set[int]]
) -> None:
    """Source: PAR-11."""
    settled = {work_order.pk for work_order in every if work_order.state == State.DONE}
    settled |= {work_order.pk for work_order in chosen}
    for work_order in chosen:
        if before[work_order.pk] - settled:
            raise refuse(
                "PAR-11",
                "工单“%(work_order)s”的前序工单尚未完成，请先完成前序工单。",
                work_order=f"{work_order.get_type_display()} {work_order.subscription.number}",
            )


def _finish(chosen: Sequence[WorkOrder], *, at: datetime, by_id: int | None) -> None:
    """All in one statement; a waiting one becomes ready first, since its turn has come."""
    rows = WorkOrder.objects.filter(pk__in=[work_order.pk for work_order in chosen])
    move(rows, WorkOrder.make_ready)
    done = move(rows, WorkOrder.finish, done_at=at, done_by_id=by_id, last_error="")
    if done != len(chosen):
        raise BadInputError(("work_orders", "工单已被他人处理，请刷新后重试。"))


def _make_ready(every: Sequence[WorkOrder], before: dict[int, set[int]], *, done: set[int]) -> None:
    ready = [
        work_order.pk
        for work_order in every
        if work_order.pk not in done
        and work_order.state == State.WAITING
        and before[work_order.pk] <= done
    ]
    if ready:
        move(WorkOrder.objects.filter(pk__in=ready), WorkOrder.make_ready)
