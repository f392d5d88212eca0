"""What hangs on a person or a place higher up in the house: tables that ``bss.wiring`` fills.

The identity app does not know customers or cases. It asks these tables how many there are, and
lets each hand its own over, in the same transaction as the leaver or the mover.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class HandOver(Protocol):
    def __call__(self, *, from_id: int, to_id: int, at: datetime, by_id: int | None) -> int:
        """Give everything to the successor; how many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One kind of work that stays when its person goes. ``title`` is a message id.

    ``permission`` is what the successor must hold to carry it.
    """

    title: str
    permission: str
    count: Callable[[int], int]
    hand_over: HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One kind of thing that keeps an organisation open. ``title`` is a message id."""

    title: str
    count: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of one duty a person carries."""

    duty: Duty
    count: int


def carried_by(staff_id: int) -> list[Carried]:
    """The duties that this person has, with their number."""
    table: Sequence[Duty] = import_string(settings.STAFF_DUTIES)
    return [Carried(duty, count) for duty in table if (count := duty.count(staff_id))]


def uses_of(organisation_id: int) -> list[tuple[str, int]]:
    """What keeps this organisation open: (title, number)."""
    table: Sequence[Use] = import_string(settings.ORGANISATION_USES)
    return [(use.title, count) for use in table if (count := use.count(organisation_id))]
