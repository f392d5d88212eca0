"""All payments of a day that we never heard of, booked to their orders at once."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.batch import sql
from billing.models import GatewayOrder, Reconciliation, ReconciliationLine
from billing.queries.house import house_ledgers
from billing.rules import house
from billing.services.payment_files import Coming, book_and_settle, is_taken
from bss.kernel import audit

Kind = ReconciliationLine.Kind
State = GatewayOrder.State
UNPAID = (State.OPEN, State.CLOSED)


@transaction.atomic
def book_all(*, reconciliation_id: int, at: datetime, by_id: int) -> int:
    """Book every line that only the gateway has, whose order is ours and of the same amount.

    The set-based twin of ``reconciliation_lines.book``; what needs a person stays as it is.
    Source: PAY-1. Locks: the orders, the lines, the accounts.
    """
    reconciliation = Reconciliation.objects.get(pk=reconciliation_id)
    by_channel: dict[int, list[ReconciliationLine]] = defaultdict(list)
    for line in _bookable(reconciliation_id):
        by_channel[_order(line).channel_id].append(line)
    with audit.as_one(
        action="reconciliation.book_all",
        subject=f"reconciliation:{reconciliation_id}",
        staff_id=by_id,
        at=at,
    ) as told:
        done = [
            line_id
            for channel_id, lines in sorted(by_channel.items())
            for line_id in _book(
                lines, gateway=reconciliation.gateway, channel_id=channel_id, at=at, by_id=by_id
            )
        ]
        told.update(lines=len(done), last=max(done, default=None))
    return len(done)


def _book(
    lines: list[ReconciliationLine], *, gateway: str, channel_id: int, at: datetime, by_id: int
) -> list[int]:
    """The lines of one channel; gives those that are settled."""
    booked = book_and_settle(
        [
            Coming(
                key=_order(line).payment_key,
                account_id=_order(line).account_id,
                amount_fen=_order(line).amount_fen,
            )
            for line in lines
        ],
        means=gateway,
        source_id=house_ledgers()[house.clearing_of(gateway)],
        channel_id=channel_id,
        at=at,
        by_id=by_id,
    )
    taken = [line for line in lines if is_taken(booked.get(_order(line).payment_key))]
    rows = sql.run(
        "settle_orders",
        {
            "lines": [line.pk for line in taken],
            "orders": [line.order_id for line in taken],
            "payments": [booked[_order(line).payment_key].payment_id for line in taken],
            "sources": list(UNPAID),
            "at": at,
            "by": by_id,
        },
    )
    return [line_id for (line_id,) in rows]


def _order(line: ReconciliationLine) -> GatewayOrder:
    assert line.order is not None  # _bookable gives only such
    return line.order


def _bookable(reconciliation_id: int) -> list[ReconciliationLine]:
    waiting = ReconciliationLine.objects.filter(
        reconciliation=reconciliation_id,
        kind=Kind.THEIRS_ONLY,
        action="",
        refund=False,
        order__state__in=UNPAID,
        order__amount_fen=F("theirs_fen"),
    )
    orders = waiting.values("order_id")
    list(
        GatewayOrder.objects.filter(pk__in=orders)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk")
    )
    return list(
        waiting.select_related("order").select_for_update(no_key=True, of=("self",)).order_by("pk")
    )
