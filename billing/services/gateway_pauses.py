"""What waits at a gateway is asked about again and again, at pauses that grow."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, QuerySet

from billing.models import GatewayOrder, GatewayRefund

PAUSE_S = 60
Waiting = TypeVar("Waiting", GatewayOrder, GatewayRefund)


def take_due(
    due: QuerySet[Waiting], *, now: datetime, longest_pause_s: int, limit: int
) -> list[Waiting]:
    """The first of them for this process; each is due again after its pause, doubled every time.

    Units: ``now`` is technical time.
    Locks: the rows, skipping those that another process has.
    """
    rows = due.select_for_update(no_key=True, skip_locked=True, of=("self",))
    found = list(rows.order_by("look_after", "pk")[:limit])
    for one in found:
        pause_s = min(PAUSE_S * 2 ** min(one.looks, 10), longest_pause_s)
        type(one).objects.filter(pk=one.pk).update(
            look_after=now + timedelta(seconds=pause_s), looks=F("looks") + 1
        )
    return found
