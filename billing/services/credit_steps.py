"""A step of the credit run goes through its accounts in lots; what cannot be done is parked.

Each lot is a transaction of its own, so that a payment waits for a lot at most, and a killed run
has done whole lots. A lot that fails is done again one by one: whoever fails then is parked with
the reason, and the rest goes on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import F

from billing.models import ParkedAccount
from bss.kernel.logs import error_line

log = logging.getLogger(__name__)

LOT = 200
TRIES = 3

Act = Callable[[Sequence[int]], int]


@dataclass(slots=True)
class Outcome:
    """How much a step did, and for which of its keys it could not."""

    done: int = 0
    failed: dict[int, str] = field(default_factory=dict)


def in_lots(keys: Sequence[int], act: Act, *, lot: int = LOT) -> Outcome:
    """``act`` on all keys, lot by lot in their order; a lot is done whole or one by one."""
    outcome = Outcome()
    for place in range(0, len(keys), lot):
        some = keys[place : place + lot]
        try:
            outcome.done += _tried(some, act)
        except Exception as error:
            log.warning("a lot of %s failed, one by one now: %s", len(some), error_line(error))
            _one_by_one(some, act, outcome)
    return outcome


def park(step: str, outcome: Outcome, *, at: datetime) -> None:
    """Remember whom a step failed for, and free those for whom it no longer does."""
    waiting = ParkedAccount.objects.filter(step=step, freed_at__isnull=True)
    waiting.exclude(account__in=outcome.failed).update(freed_at=at)
    for account_id, reason in sorted(outcome.failed.items()):
        if not waiting.filter(account=account_id).update(times=F("times") + 1, reason=reason):
            ParkedAccount.objects.create(
                account_id=account_id, step=step, reason=reason, parked_at=at
            )


def _one_by_one(keys: Sequence[int], act: Act, outcome: Outcome) -> None:
    for key in keys:
        try:
            outcome.done += _tried([key], act)
        except Exception as error:
            if not connection.is_usable():
                raise
            outcome.failed[key] = error_line(error)[:300]


def _tried(keys: Sequence[int], act: Act) -> int:
    """Once more when another transaction was in the way (a deadlock that was broken here)."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return act(keys)
        except OperationalError:
            if not left or connection.in_atomic_block or not connection.is_usable():
                raise
    raise AssertionError("unreachable")
