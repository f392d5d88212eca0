"""受理: an order is checked by every rule at once, taken whole, and parsed into work orders."""

from datetime import datetime

from django.db import connection, transaction

from bss.kernel import outbox
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from channels.services.channels import require_source
from customers.queries.locked import lock_customer
from orders.models import Order
from orders.queries.prospect import Preview, prospect_of
from orders.rules.requests import (
    AnyOrder,
    CancelBundleOrder,
    ChangeBundleOrder,
    OpenBundleOrder,
)
from orders.services import (
    changing,
    completion,
    graph,
    opening,
    resources,
    single_intake,
    withdrawal,
)
from orders.services.intake import Taken
from orders.services.request_record import recorded


@transaction.atomic
def accept(
    *,
    request: AnyOrder,
    at: datetime,
    channel_id: int | None,
    by_id: int | None = None,
    code: str | None = None,
    form_key: str = "",
) -> Order:
    """Take an order: nothing happens to its subscriptions until its work orders are done.

    The same ``form_key`` again gives the order that it made (a double click does one thing).

    Source: PAR-12, S85-2, CHG-4; an order without work orders is completed at once.
    Locks:  the customers, then the subscriptions, then what the order supersedes.
    Raises: RefusedError with every rule that refuses; BadInputError for what cannot be used.
    """
    channel = require_source(channel_id=channel_id)
    lock_customer(request.customer_id)
    if form_key and (known := Order.objects.filter(form_key=form_key).first()):
        return known  # type: ignore[no-any-return]
    order_id = _next_id()
    order: Order = Order(
        pk=order_id,
        code=code or f"{business_date(at):%Y%m%d}-{order_id:06d}",
        type=request.type,
        customer_id=request.customer_id,
        channel=channel,
        accepted_by_id=by_id,
        accepted_at=at,
        form_key=form_key,
    )
    taken = _take(request, order_ref=order.code, at=at)
    order.bundle_id = taken.bundle_id
    order.subscription_id = taken.subscription_id
    order.documents_shown = list(taken.documents)
    order.request = recorded(request)
    order.save(force_insert=True)
    _begin_work(order, taken, at=at, by_id=by_id)
    return order


def preview(
    *, request: AnyOrder, at: datetime, channel_id: int | None, by_id: int | None = None
) -> Preview:
    """What the order would do, by the very code that takes it; nothing of it remains.

    Raises: BadInputError for what cannot be used.
    """
    seen = Preview()
    try:
        with transaction.atomic():
            order = accept(request=request, at=at, channel_id=channel_id, by_id=by_id)
            seen = prospect_of(order, at=at)
            transaction.set_rollback(True)
    except RefusedError as refused:
        return Preview(refusals=refused.refusals)
    return seen


def _take(request: AnyOrder, *, order_ref: str, at: datetime) -> Taken:
    match request:
        case OpenBundleOrder():
            return opening.take_opening(request, order_ref=order_ref, at=at)
        case ChangeBundleOrder():
            return changing.take_change(request, order_ref=order_ref, at=at)
        case CancelBundleOrder():
            return changing.take_cancellation(request, order_ref=order_ref, at=at)
        case _:
            return single_intake.take_single(request, at=at)


def _begin_work(order: Order, taken: Taken, *, at: datetime, by_id: int | None) -> None:
    resources.reserve(numbers=taken.new_numbers, order_id=order.pk, by_id=by_id, at=at)
    withdrawal.supersede(codes=taken.superseded, at=at)
    graph.write(order, taken.specs, services=taken.services)
    outbox.announce("order.accepted", {"order_id": order.pk}, at=at)
    if not taken.specs:
        completion.complete_order(order, [], at=at)


def _next_id() -> int:
    """The key that the order will have: its number is made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('orders_order', 'id'))")
        return int(cursor.fetchone()[0])
