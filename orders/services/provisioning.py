"""Automatic work orders: claimed, executed by the platform, done or tried again (PAR-11)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from bss.kernel.rulebook import RefusedError
from orders.models import Order, WorkOrder
from orders.provisioning.protocol import Answer, Command, Provisioner
from orders.services import work_orders

CLAIM_S = 60
FIRST_RETRY_S = 5
ATTEMPTS = 5

State = WorkOrder.State


@transaction.atomic
def claim(*, now: datetime, order_id: int | None = None, limit: int = 50) -> list[WorkOrder]:
    """Ready automatic work orders that nobody is at, for this process to execute.

    A claim ends by itself, so that a killed worker's orders come back.
    Units: ``now`` is technical time, not business time.
    Locks: the work orders, skipping those that another process has.
    """
    ready = WorkOrder.objects.filter(
        Q(retry_after__isnull=True) | Q(retry_after__lte=now),
        state=State.READY,
        manual=False,
        order__state__in=[Order.State.ACCEPTED, Order.State.IN_PROGRESS],
    )
    if order_id is not None:
        ready = ready.filter(order=order_id)
    claimed = list(
        ready.select_for_update(of=["self"], skip_locked=True)
        .select_related("subscription", "order")
        .order_by("order_id", "position")[:limit]
    )
    WorkOrder.objects.filter(pk__in=[each.pk for each in claimed]).update(
        retry_after=now + timedelta(seconds=CLAIM_S)
    )
    return claimed


def execute(
    claimed: Iterable[WorkOrder], *, platform: Provisioner, at: datetime, now: datetime
) -> int:
    """Have the platform do what was claimed; give how many are done."""
    done: dict[int, list[int]] = {}
    for work_order in claimed:
        answer = platform.execute(_command(work_order))
        if answer.done:
            done.setdefault(work_order.order_id, []).append(work_order.pk)
        else:
            _note_failure(work_order, answer, at=at, now=now)
    for order_id, ids in done.items():
        _complete(order_id, ids, at=at)
    return sum(map(len, done.values()))


def _complete(order_id: int, ids: list[int], *, at: datetime) -> None:
    """What a rule refuses now (CRD-6, an order withdrawn meanwhile) fails with its sentence."""
    try:
        work_orders.complete(order_id=order_id, work_order_ids=ids, at=at)
    except RefusedError as refused:
        for work_order in WorkOrder.objects.filter(pk__in=ids, state=State.READY):
            work_orders.fail(work_order_id=work_order.pk, error=str(refused), at=at)


def _note_failure(work_order: WorkOrder, answer: Answer, *, at: datetime, now: datetime) -> None:
    attempts = work_order.attempts + 1
    pause = timedelta(seconds=FIRST_RETRY_S * 2 ** (attempts - 1))
    WorkOrder.objects.filter(pk=work_order.pk).update(
        attempts=F("attempts") + 1, last_error=answer.error[:200], retry_after=now + pause
    )
    if not answer.retry or attempts >= ATTEMPTS:
        work_orders.fail(work_order_id=work_order.pk, error=answer.error, at=at)


def _command(work_order: WorkOrder) -> Command:
    detail = dict(work_order.detail)
    if work_order.product:
        detail["product"] = work_order.product
    return Command(
        work_order=str(work_order.pk),
        type=work_order.type,
        service=work_order.subscription.service,
        number=work_order.subscription.number,
        detail=detail,
    )
