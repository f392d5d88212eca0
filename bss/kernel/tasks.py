"""What beat asks for every few seconds."""

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from bss.kernel import clock, outbox, schedule
from bss.kernel.audit.seal import seal
from bss.kernel.batch import sweep

TURN_S = 5
MESSAGE_LASTS_S = 5


@shared_task
def sweep_outbox() -> int:
    """Hand waiting events to the tasks that ``bss.wiring`` names."""
    cache.delete(outbox.NUDGED)
    return outbox.drain(import_string(settings.OUTBOX_HANDLERS))


@shared_task
def run_schedule() -> int:
    """Do what is due by the business clock and not yet done."""
    return schedule.run_due(import_string(settings.BUSINESS_SCHEDULE), at=clock.now())


@shared_task
def seal_audit() -> int:
    """Chain the audit entries that were committed since the last time."""
    return seal(at=clock.real_now())


@shared_task
def sweep_runs() -> int:
    """Wake workers for batch steps that nobody holds, whatever became of earlier messages."""
    woken = 0
    for run_id, _ in sweep.runs_to_help(import_string(settings.BATCH_RUNS)):
        help_run.apply_async((run_id,), expires=MESSAGE_LASTS_S)
        woken += 1
    return woken


@shared_task
def help_run(run_id: int) -> None:
    """Take part in a batch run for a while, then let other tasks in."""
    if sweep.take_part(run_id, import_string(settings.BATCH_RUNS), for_s=TURN_S):
        help_run.delay(run_id)
