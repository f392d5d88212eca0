"""What becomes of a step that fails: tried again, after longer and longer pauses, then parked."""

import logging
from datetime import timedelta

from django.db import transaction

from bss.kernel.clock import real_now
from bss.kernel.errors import Sentence
from bss.kernel.logs import error_line
from bss.kernel.models import BatchStep
from bss.kernel.notices import notify_holders

ATTEMPTS = 5
FIRST_PAUSE_S = 5
LAST_PAUSE_S = 300
DIED = "its worker died while it did this step"
PARKED = "批处理 %(run)s 的步骤 %(step)s 连续失败，已搁置。请查明原因后接着运行。"
WATCHER = "month.run"
"""Who is told of what is parked."""

log = logging.getLogger(__name__)


def note_failure(step: BatchStep, error: Exception) -> None:
    """Keep why, and when it is tried again; at the last attempt the step is parked."""
    log.exception("step %s/%s of %s failed", step.name, step.shard, step.run)
    with transaction.atomic():
        kept = BatchStep.objects.select_for_update().get(pk=step.pk)
        if kept.state == BatchStep.State.DONE:
            return
        _count(kept, because=error_line(error))
        kept.save()


def note_death(step: BatchStep) -> None:
    """The same for a step that was begun and never ended; the caller holds and saves it."""
    log.error("step %s/%s of %s, on %s: %s", step.name, step.shard, step.run, step.host, DIED)
    _count(step, because=DIED)


def _count(step: BatchStep, *, because: str) -> None:
    step.attempts += 1
    step.last_error = because
    if step.attempts < ATTEMPTS:
        pause_s = min(FIRST_PAUSE_S * 2 ** (step.attempts - 1), LAST_PAUSE_S)
        step.state = BatchStep.State.FAILED
        step.retry_at = real_now() + timedelta(seconds=pause_s)
        return
    step.state, step.retry_at = BatchStep.State.PARKED, None
    text = Sentence(PARKED, run=str(step.run), step=f"{step.name}/{step.shard}")
    notify_holders(permission=WATCHER, text=text, at=step.run.at)
