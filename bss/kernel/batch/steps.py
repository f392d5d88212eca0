"""A batch run as steps: each on each shard, held by one worker, done in one transaction.

Source: BIL-6. Killed anywhere, run again by anyone, at once by many: every step happens once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction

from bss.kernel import audit, progress
from bss.kernel.batch.claims import begin_step, hold, open_steps
from bss.kernel.batch.failures import note_failure
from bss.kernel.batch.live import Teller
from bss.kernel.clock import real_now
from bss.kernel.models import BatchRun, BatchStep

Report = Mapping[str, Any]
DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done on each of ``shards`` shards, after all shards of the steps before it."""

    name: str
    do: Callable[..., Report]
    shards: int = 1


def run_steps(
    *,
    kind: str,
    key: str,
    at: datetime,
    steps: Sequence[Step],
    again: bool = True,
    facts: Mapping[str, Any] | None = None,
) -> BatchRun:
    """Do what is not yet done of the run; a run that is done, or paused, stays as it is.

    ``do`` is called with ``shard``, ``shards`` and ``at`` (the run's, not a later caller's) and
    gives its report; a ``digest`` in it goes into the step's audit entry alone. When another worker
    holds the last open step, this one leaves it to it. A step that fails waits for its next attempt
    or is parked, and the rest goes on.

    ``again``: a person asks, so what failed, was parked or cancelled is tried at once. ``facts``
    are kept with the run, for whoever takes it up.
    Raises: what a step raised, after the rest is done; without ``again`` only while it will be
        tried again by itself.
    """
    run = begin_run(kind=kind, key=key, at=at, steps=steps, facts=facts)
    if again:
        _take_up(run)
    failure = work(run, steps)
    if failure and (again or run.state == BatchRun.State.RUNNING):
        raise failure
    return run


@transaction.atomic
def begin_run(
    *,
    kind: str,
    key: str,
    at: datetime,
    steps: Sequence[Step],
    facts: Mapping[str, Any] | None = None,
) -> BatchRun:
    """Write down what is to do, and leave it to the workers; one that is there stays as it is."""
    run, created = BatchRun.objects.get_or_create(
        kind=kind, key=key, defaults={"at": at, "report": dict(facts or {})}
    )
    if created:
        BatchStep.objects.bulk_create(
            [
                BatchStep(run=run, position=position, name=step.name, shard=shard)
                for position, step in enumerate(steps)
                for shard in range(step.shards)
            ]
        )
    return run


def work(run: BatchRun, steps: Sequence[Step], *, for_s: float = float("inf")) -> Exception | None:
    """Do steps of a run as long as one is free; none begins after ``for_s``.

    Gives the last failure.
    """
    failure, until = None, monotonic() + for_s
    run.refresh_from_db()
    while run.state == BatchRun.State.RUNNING and monotonic() < until:
        step = begin_step(run, steps)
        if step is None:
            _finish(run, steps)
            break
        if step.state != BatchStep.State.PARKED:
            failure = _do(run, step, steps[step.position]) or failure
            _tell(run, step)
        run.refresh_from_db()
    run.refresh_from_db()
    return failure


@transaction.atomic
def _take_up(run: BatchRun) -> None:
    """What failed or was parked is free again; a paused run waits for who paused it."""
    stuck = run.steps.filter(state__in=(BatchStep.State.FAILED, BatchStep.State.PARKED))
    unheld = stuck.order_by("pk").select_for_update(skip_locked=True)
    free = list(unheld.values_list("pk", flat=True))
    BatchStep.objects.filter(pk__in=free).update(
        state=BatchStep.State.FAILED, attempts=0, retry_at=None
    )
    ended = (BatchRun.State.FAILED, BatchRun.State.CANCELLED)
    BatchRun.objects.filter(pk=run.pk, state__in=ended).update(
        state=BatchRun.State.RUNNING, finished_at=None
    )


def _do(run: BatchRun, begun: BatchStep, step: Step) -> Exception | None:
    """Do the step, report and audit in one transaction; give what it failed with."""
    try:
        with transaction.atomic():
            held = hold(begun)
            if held is None:
                return None
            subject = f"{run.kind}:{run.key}"
            with audit.as_one(action=f"{run.kind}.{step.name}", subject=subject, at=run.at) as told:
                with progress.heard_by(Teller(held.pk)):
                    report = dict(step.do(shard=held.shard, shards=step.shards, at=run.at))
                told.update(report, shard=held.shard, shards=step.shards)
            held.report = {name: value for name, value in report.items() if name != DIGEST}
            held.state, held.finished_at = BatchStep.State.DONE, real_now()
            held.retry_at, held.last_error = None, ""
            held.save()
    except Exception as error:
        note_failure(begun, error)
        return error
    return None


def _tell(run: BatchRun, done: BatchStep) -> None:
    """How many shards of the step are done, by whomever."""
    if progress.is_heard():
        shards = run.steps.filter(position=done.position)
        ended = shards.filter(state=BatchStep.State.DONE).count()
        progress.tell(done.name, ended, shards.count())


def _finish(run: BatchRun, steps: Sequence[Step]) -> None:
    """Nothing is free: the run is done, or stuck on what is parked, or others hold the rest."""
    if open_steps(run, steps).exists():
        return
    state = BatchRun.State.DONE
    if run.steps.exclude(state=BatchStep.State.DONE).exists():
        state = BatchRun.State.FAILED
    BatchRun.objects.filter(pk=run.pk, state=BatchRun.State.RUNNING).update(
        state=state, finished_at=real_now()
    )
