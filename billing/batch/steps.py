"""A batch run as steps: each on each shard, claimed by one worker, done in one transaction.

Source: BIL-6. Killed anywhere, run again by anyone, at once by many: every step happens once.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bss.kernel import audit
from bss.kernel.clock import real_now
from bss.kernel.logs import error_line
from bss.kernel.models import BatchRun, BatchStep

log = logging.getLogger(__name__)

Report = Mapping[str, Any]
DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done on each of ``shards`` shards, after all shards of the steps before it."""

    name: str
    do: Callable[..., Report]
    shards: int = 1


def run_steps(*, kind: str, key: str, at: datetime, steps: Sequence[Step]) -> BatchRun:
    """Do what is not yet done of the run; a run that is done stays as it is.

    ``do`` is called with ``shard``, ``shards`` and ``at`` (the run's, not a later caller's) and
    gives its report; a ``digest`` in it goes into the step's audit entry alone. When another worker
    holds the last open step, this one leaves it to it.
    Raises: what a step raises; the step is then marked failed and is taken up by the next call.
    """
    run = _begin(kind=kind, key=key, at=at, steps=steps)
    while run.state != BatchRun.State.DONE and _do_next(run, steps):
        run.refresh_from_db()
    run.refresh_from_db()
    return run


@transaction.atomic
def _begin(*, kind: str, key: str, at: datetime, steps: Sequence[Step]) -> BatchRun:
    run, created = BatchRun.objects.get_or_create(kind=kind, key=key, defaults={"at": at})
    if created:
        BatchStep.objects.bulk_create(
            [
                BatchStep(run=run, position=position, name=step.name, shard=shard)
                for position, step in enumerate(steps)
                for shard in range(step.shards)
            ]
        )
    return run


def _do_next(run: BatchRun, steps: Sequence[Step]) -> bool:
    """Claim and do one step; whether there may be more for this worker."""
    claimed: BatchStep | None = None
    try:
        with transaction.atomic():
            claimed = _claim(run)
            if claimed is None:
                return _finish(run)
            step = steps[claimed.position]
            claimed.started_at = real_now()
            with audit.as_one(
                action=f"{run.kind}.{step.name}", subject=f"{run.kind}:{run.key}", at=run.at
            ) as told:
                report = dict(step.do(shard=claimed.shard, shards=step.shards, at=run.at))
                told.update(report, shard=claimed.shard, shards=step.shards)
            claimed.report = {name: value for name, value in report.items() if name != DIGEST}
            claimed.state = BatchStep.State.DONE
            claimed.finished_at = real_now()
            claimed.last_error = ""
            claimed.save()
    except Exception as error:
        if claimed is not None:
            _note_failure(claimed, error)
        raise
    return True


def _claim(run: BatchRun) -> BatchStep | None:
    """An open step of the first position that has one, if no other worker holds it."""
    open_steps = run.steps.exclude(state=BatchStep.State.DONE).order_by("position", "shard")
    first = open_steps.values_list("position", flat=True).first()
    if first is None:
        return None
    return open_steps.filter(position=first).select_for_update(skip_locked=True).first()


def _finish(run: BatchRun) -> bool:
    """Mark the run done when all its steps are; there is nothing more for this worker."""
    if not run.steps.exclude(state=BatchStep.State.DONE).exists():
        BatchRun.objects.filter(pk=run.pk).exclude(state=BatchRun.State.DONE).update(
            state=BatchRun.State.DONE, finished_at=real_now()
        )
    return False


def _note_failure(step: BatchStep, error: Exception) -> None:
    log.exception("step %s of run %s failed", step.name, step.run_id)
    with transaction.atomic():
        BatchStep.objects.filter(pk=step.pk).exclude(state=BatchStep.State.DONE).update(
            state=BatchStep.State.FAILED,
            attempts=F("attempts") + 1,
            last_error=error_line(error),
        )
