"""Which step of a run may be done now, and who has it."""

import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from bss.kernel.batch.failures import note_death
from bss.kernel.clock import real_now
from bss.kernel.models import BatchRun, BatchStep

if TYPE_CHECKING:
    from bss.kernel.batch.steps import Step

OVER = (BatchStep.State.DONE, BatchStep.State.PARKED)
SETTLING_TIME = timedelta(seconds=1)
"""Between being noted as begun and being held again; no longer counts as a death."""
HOST_SIGNS = 64


@dataclass(frozen=True, slots=True)
class Parked:
    position: int
    shard: int


def free_steps(run: BatchRun, steps: Sequence["Step"], *, now: datetime) -> QuerySet[BatchStep]:
    """Steps of the first position that has open ones, as far as their next attempt is due.

    A parked step holds up what follows on its own shard, and all that follows where the run is
    sharded otherwise.
    """
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    return open_steps(run, steps).filter(ready).order_by("shard")


def open_steps(run: BatchRun, steps: Sequence["Step"]) -> QuerySet[BatchStep]:
    """Steps of the first position that can still be done, be it later."""
    parked = [
        Parked(*found)
        for found in run.steps.filter(state=BatchStep.State.PARKED).values_list("position", "shard")
    ]
    open_ones = run.steps.exclude(state__in=OVER)
    positions = open_ones.order_by("position").values_list("position", flat=True).distinct()
    for position in positions:
        held_up = _held_up(position, steps, parked)
        if held_up is None:
            continue
        found = open_ones.filter(position=position).exclude(shard__in=held_up)
        if found.exists():
            return found
    return run.steps.none()


def begin_step(run: BatchRun, steps: Sequence["Step"]) -> BatchStep | None:
    """Note that a free step is begun, and on which host, in a transaction of its own; else None.

    So a step whose worker dies with it every time is found out: it was begun and never ended.
    """
    now = real_now()
    with transaction.atomic():
        step = free_steps(run, steps, now=now).select_for_update(skip_locked=True).first()
        if step is None:
            return None
        begun_at = step.started_at if step.state == BatchStep.State.WAITING else None
        if begun_at and now - begun_at > SETTLING_TIME:
            note_death(step)
        if step.state != BatchStep.State.PARKED:
            step.state, step.started_at = BatchStep.State.WAITING, now
            step.host = socket.gethostname()[:HOST_SIGNS]
        step.save()
    return step


def hold(step: BatchStep) -> BatchStep | None:
    """The step under a lock that ends with the transaction; None when another worker has it.

    Locks: the step's row.
    """
    mine = BatchStep.objects.select_for_update(skip_locked=True).filter(pk=step.pk)
    return mine.exclude(state__in=OVER).order_by("pk").first()  # by default it joins the run


def _held_up(
    position: int, steps: Sequence["Step"], parked: Collection[Parked]
) -> frozenset[int] | None:
    """The shards that a parked step before holds up; None when it holds up the whole position."""
    before = [step for step in parked if step.position < position]
    if any(steps[step.position].shards != steps[position].shards for step in before):
        return None
    return frozenset(step.shard for step in before)
