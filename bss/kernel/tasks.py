"""What beat asks for every few seconds."""

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from bss.kernel import clock, outbox, schedule
from bss.kernel.audit.seal import seal


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
