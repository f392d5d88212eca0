"""What a month start holds of members and their lines: what it decides by, and what it writes.

A bundle in ten changes with a month, and of most of them no member's row does: a model's instance
for each would cost more than all the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bss.kernel.any_of import AnyOf
from customers.models import Subscription
from packages_wo.models import Membership

LIVING = (Membership.State.PENDING, Membership.State.IN_FORCE)


@dataclass(slots=True)
class Seat:
    """A living membership."""

    id: int
    subscription_id: int
    part: str
    state: str
    position: int
    opened_vas: list[str]
    valid_from: date | None
    valid_until: date | None


@dataclass(slots=True)
class Line:
    """What a bundle gives or takes of a subscription."""

    id: int
    service: str
    speed_kbps: int | None
    static_ip: bool
    long_distance: bool


def read_seats(bundle_ids: Iterable[int]) -> dict[int, Seat]:
    """By subscription, which is in one bundle at most (ELG-9)."""
    living = Membership.objects.filter(AnyOf("bundle", bundle_ids), state__in=LIVING)
    rows = living.order_by().values_list(*Seat.__slots__)
    return {seat.subscription_id: seat for seat in (Seat(*row) for row in rows)}


def lock_lines(subscription_ids: Iterable[int]) -> dict[int, Line]:
    """Locks: the subscriptions, in the order of their keys."""
    found = Subscription.objects.select_for_update().filter(AnyOf("id", subscription_ids))
    rows = found.order_by("pk").values_list(*Line.__slots__)
    return {line.id: line for line in (Line(*row) for row in rows)}
