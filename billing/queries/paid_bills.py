"""Bills that were paid to the end, lot by lot, for whoever rewards that."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F

from billing.models import Bill


def paid_bills(*, since: date, lot: int) -> Iterator[list[tuple[int, int, date, int]]]:
    """(bill, customer, first of its month, fen) of bills from this month on, by their keys."""
    bills = Bill.objects.filter(month__gte=since, total_fen__gt=0, paid_fen=F("total_fen"))
    last = 0
    while rows := list(
        bills.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "account__owner", "month", "total_fen")[:lot]
    ):
        yield [(bill, owner, month, fen) for bill, owner, month, fen in rows if month]
        last = rows[-1][0]
