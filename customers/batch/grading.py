"""Grading: what every customer paid and has in use, and the class this comes to (S58).

Set-based: lots of customers by their keys, so that a million need neither a million queries nor
all of the memory. What was billed is asked of the caller: billing is above this app.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from bss.kernel import audit
from customers.batch.level_changes import Standing, settle
from customers.models import ClassLevel, Customer, CustomerFigures, Ladder, Subscription
from customers.rules.levels import Level
from customers.rules.services import VOICE_SERVICES

LOT = 5000
IN_USE = [
    state
    for state in Subscription.State.values
    if state not in (Subscription.State.PENDING, Subscription.State.TERMINATED)
]
LADDER_OF = {Customer.Kind.INDIVIDUAL: Ladder.VIP, Customer.Kind.ENTERPRISE: Ladder.GROUP}

Billed = Callable[[int, int], Mapping[int, int]]
"""(first key, last key) → customer → fen billed in the months that are looked at."""


def grade_customers(*, at: datetime, billed: Billed, months: int) -> dict[str, int]:
    """Count, propose, and apply what may be automatic; lot by lot, each in one transaction.

    Gives how many changes were applied and proposed. Locks: the customers of a lot.
    """
    levels = levels_by_ladder()
    total = {"applied": 0, "proposed": 0, "customers": 0}
    for first, last in _ranges():
        with (
            transaction.atomic(),
            audit.as_one(
                action="customer.grade", subject=f"customers:{first}-{last}", at=at
            ) as told,
        ):
            standings = _standings(first, last, billed=billed(first, last), months=months)
            _keep_figures(standings, at=at)
            told |= settle(standings, levels, at=at)
            told["customers"] = len(standings)
        for name in total:
            total[name] += told[name]
    return total


def levels_by_ladder() -> dict[str, list[Level]]:
    """The thresholds of the classes in use."""
    found: dict[str, list[Level]] = {ladder: [] for ladder in Ladder.values}
    for row in ClassLevel.objects.filter(customer_class__active=True):
        level = Level(
            class_id=row.customer_class_id,
            rank=row.rank,
            monthly_fen=row.monthly_fen,
            monthly_included=row.monthly_included,
            phones=row.phones,
            phones_included=row.phones_included,
            automatic=row.automatic,
        )
        found[row.ladder].append(level)
    return found


def _ranges() -> Iterator[tuple[int, int]]:
    highest = Customer.objects.aggregate(n=Max("pk"))["n"] or 0
    for first in range(1, highest + 1, LOT):
        yield first, first + LOT - 1


def _standings(first: int, last: int, *, billed: Mapping[int, int], months: int) -> list[Standing]:
    living = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__range=(first, last), merged_into__isnull=True, erased_at__isnull=True
    )
    in_use = Subscription.objects.filter(
        owner__pk__range=(first, last), service__in=VOICE_SERVICES, state__in=IN_USE
    )
    phones = dict(in_use.order_by().values_list("owner").annotate(n=Count("pk")))
    return [
        Standing(
            customer_id=key,
            ladder=LADDER_OF[Customer.Kind(kind)],
            billed_fen=billed.get(key, 0),
            months=months,
            phones=phones.get(key, 0),
        )
        for key, kind in living.order_by("pk").values_list("pk", "kind")
    ]


def _keep_figures(standings: list[Standing], *, at: datetime) -> None:
    CustomerFigures.objects.bulk_create(
        [
            CustomerFigures(
                customer_id=one.customer_id,
                billed_fen=one.billed_fen,
                months=one.months,
                monthly_fen=one.monthly_fen,
                phones=one.phones,
                counted_at=at,
            )
            for one in standings
        ],
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["billed_fen", "months", "monthly_fen", "phones", "counted_at"],
        batch_size=1000,
    )
