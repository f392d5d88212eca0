"""All payments of a day that we never heard of, booked to their orders together."""

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
CHUNK = 5_000
"""Lines in one transaction: a hall does not wait for an account while a large day goes by."""


def book_all(*, reconciliation_id: int, at: datetime, by_id: int) -> int:
    """Book every line that only the gateway has, whose order is ours and of the same amount.

    The set-based twin of ``reconciliation_lines.book``; what needs a person stays as it is. What
    was booked when the process dies stays booked; the same again goes on.
    Source: PAY-1. Locks: in each transaction the orders, the lines, the accounts.
    """
    reconciliation = Reconciliation.objects.get(pk=reconciliation_id)
    done = last = 0
    while True:
        booked, seen = _book_some(reconciliation, after=last, at=at, by_id=by_id)
        done += booked
        if seen is None:
            return done
        last = seen


@transaction.atomic
def _book_some(
    reconciliation: Reconciliation, *, after: int, at: datetime, by_id: int
) -> tuple[int, int | None]:
    """How many of the next lines are settled, and the last that was looked at; None: no more."""
    lines, seen = _bookable(reconciliation.pk, after=after)
    if not lines:
        return 0, seen
    by_channel: dict[int, list[ReconciliationLine]] = defaultdict(list)
    for line in lines:
        by_channel[_order(line).channel_id].append(line)
    with audit.as_one(
        action="reconciliation.book_all",
        subject=f"reconciliation:{reconciliation.pk}",
        staff_id=by_id,
        at=at,
    ) as told:
        done = [
            line_id
            for channel_id, own in sorted(by_channel.items())
            for line_id in _book(
                own, gateway=reconciliation.gateway, channel_id=channel_id, at=at, by_id=by_id
            )
        ]
        told.update(lines=len(done), last=max(done, default=None))
    return len(done), seen


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


def _bookable(reconciliation_id: int, *, after: int) -> tuple[list[ReconciliationLine], int | None]:
    """The next lines to book, locked with their orders, and how far was looked."""
    waiting = ReconciliationLine.objects.filter(
        reconciliation=reconciliation_id,
        kind=Kind.THEIRS_ONLY,
        action="",
        refund=False,
        order__state__in=UNPAID,
        order__amount_fen=F("theirs_fen"),
    )
    some = waiting.filter(pk__gt=after).order_by("pk").values_list("pk", "order_id")[:CHUNK]
    chosen = dict(some)
    list(
        GatewayOrder.objects.filter(pk__in=chosen.values())
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk")
    )
    lines = (
        waiting.filter(pk__in=chosen)
        .select_related("order")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    return list(lines), max(chosen, default=None)
