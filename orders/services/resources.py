"""号码资源: take a number of the pool for a while, keep it for an order, give it back.

A number that stands in no pool (ported in, or from before the pool) is left alone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from bss.kernel.errors import BadInputError
from orders.models import NumberResource

HOLD_MINUTES = 30
QUARANTINE_DAYS = 90
TAKEN = "号码已被占用，请另选一个。"

State = NumberResource.State


@transaction.atomic
def add_numbers(*, service: str, area: str, numbers: Iterable[str], level: str = "normal") -> int:
    """Put numbers into the pool; those that are there already stay as they are."""
    rows = [
        NumberResource(number=number, service=service, area=area, level=level)
        for number in dict.fromkeys(numbers)
    ]
    before = NumberResource.objects.count()
    NumberResource.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return NumberResource.objects.count() - before


@transaction.atomic
def hold_number(*, number: str, by_id: int, at: datetime) -> NumberResource:
    """Hold a free number for a clerk while the form is filled in; the same clerk holds on.

    Raises: BadInputError when someone else has it.
    """
    found = NumberResource.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise BadInputError(("number", "号码不在号码池中。"))
    if not _can_take(found, by_id=by_id, at=at):
        raise BadInputError(("number", TAKEN))
    found.state = State.HELD
    found.held_by_id = by_id
    found.held_until = at + timedelta(minutes=HOLD_MINUTES)
    found.save(update_fields=["state", "held_by", "held_until"])
    return found


@transaction.atomic
def let_go(*, number: str, by_id: int) -> int:
    """Give a held number back before its time."""
    held = NumberResource.objects.filter(number=number, state=State.HELD, held_by_id=by_id)
    return held.update(state=State.FREE, held_by=None, held_until=None)


@transaction.atomic
def release_expired(*, at: datetime) -> int:
    """Free what was held too long, and what has served its quarantine (CRD-4)."""
    held = NumberResource.objects.filter(state=State.HELD, held_until__lte=at)
    cooled = NumberResource.objects.filter(state=State.QUARANTINED, free_from__lte=at)
    return held.update(state=State.FREE, held_by=None, held_until=None) + cooled.update(
        state=State.FREE, free_from=None
    )


def reserve(*, numbers: Iterable[str], order_id: int, by_id: int | None, at: datetime) -> None:
    """Keep the pool's numbers for an accepted order (PAR-5).

    Raises: BadInputError when one is someone else's.
    """
    wanted = list(numbers)
    if not wanted:
        return
    found = NumberResource.objects.select_for_update().filter(number__in=wanted).order_by("pk")
    rows = list(found)
    taken = [row.number for row in rows if not _can_take(row, by_id=by_id, at=at)]
    if taken:
        raise BadInputError(*((f"number.{number}", TAKEN) for number in taken))
    if rows:
        NumberResource.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.RESERVED, order=order_id, held_by=None, held_until=None, free_from=None
        )


def take_into_use(*, numbers: Iterable[str]) -> None:
    """The numbers are in service from now on."""
    NumberResource.objects.filter(number__in=list(numbers)).update(
        state=State.IN_USE, order=None, held_by=None, held_until=None
    )


def free(*, order_ids: Iterable[int]) -> int:
    """Release what orders reserved and did not take into use (EFF-6)."""
    reserved = NumberResource.objects.filter(order__in=list(order_ids), state=State.RESERVED)
    return reserved.update(state=State.FREE, order=None)


def quarantine(*, numbers: Iterable[str], at: datetime) -> int:
    """Cool numbers down before anyone else gets them (CRD-4)."""
    return (
        NumberResource.objects.filter(number__in=list(numbers))
        .exclude(state=State.QUARANTINED)
        .update(
            state=State.QUARANTINED,
            order=None,
            held_by=None,
            held_until=None,
            free_from=at + timedelta(days=QUARANTINE_DAYS),
        )
    )


def _can_take(row: NumberResource, *, by_id: int | None, at: datetime) -> bool:
    if row.state == State.FREE:
        return True
    if row.state != State.HELD or row.held_until is None:
        return False
    return row.held_until <= at or (by_id is not None and row.held_by_id == by_id)
