"""What a person tells a batch run: begin, wait, go on, leave it."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, BatchStep

State = BatchRun.State

NOT_RUNNING = "这一批处理没有在运行，不能暂停。"
NOT_PAUSED = "这一批处理没有暂停。"
NOT_OPEN = "这一批处理已经结束，不能取消。"
BEGUN = "已有步骤完成，不能取消；可以暂停，查明后继续。"


def note_start(*, subject: str, by_id: int, at: datetime) -> None:
    """Write down that a person had it begun, or taken up again; what it does it tells itself."""
    audit.record(action="batch.start", subject=subject, staff_id=by_id, at=at)


def pause(run_id: int, *, by_id: int, at: datetime) -> BatchRun:
    """No further step begins; those under way end. Raises: BadInputError."""
    return _turn(run_id, "pause", (State.RUNNING,), State.PAUSED, NOT_RUNNING, by_id=by_id, at=at)


def resume(run_id: int, *, by_id: int, at: datetime) -> BatchRun:
    """Go on: the sweeper offers what is left. Raises: BadInputError."""
    return _turn(run_id, "resume", (State.PAUSED,), State.RUNNING, NOT_PAUSED, by_id=by_id, at=at)


@transaction.atomic
def cancel(run_id: int, *, by_id: int, at: datetime) -> BatchRun:
    """Leave it, while nothing is done yet; whoever runs it again begins it anew.

    Locks: the run's steps, so that none is being done. Raises: BadInputError.
    """
    steps = BatchStep.objects.select_for_update().filter(run=run_id)
    if any(step.state == BatchStep.State.DONE for step in steps):
        raise BadInputError(("", BEGUN))
    open_states = (State.RUNNING, State.PAUSED)
    return _turn(run_id, "cancel", open_states, State.CANCELLED, NOT_OPEN, by_id=by_id, at=at)


@transaction.atomic
def _turn(
    run_id: int,
    order: str,
    befitting: tuple[State, ...],
    state: State,
    refusal: str,
    *,
    by_id: int,
    at: datetime,
) -> BatchRun:
    run = BatchRun.objects.select_for_update().get(pk=run_id)
    if run.state not in befitting:
        raise BadInputError(("", refusal))
    run.state = state
    run.save(update_fields=["state"])
    audit.record(action=f"batch.{order}", subject=f"{run.kind}:{run.key}", staff_id=by_id, at=at)
    return run
