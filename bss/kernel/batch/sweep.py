"""Runs that nobody is at: what is to do stands in the database, whatever the broker lost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic

from django.db import transaction

from bss.kernel.batch.claims import free_steps
from bss.kernel.batch.steps import Step, work
from bss.kernel.clock import real_now
from bss.kernel.models import BatchRun

Registry = Mapping[str, Callable[[BatchRun], Sequence[Step]]]
"""Kind → the steps of one of its runs."""


def runs_to_help(registry: Registry) -> Iterator[tuple[int, int]]:
    """Runs with steps that nobody holds and whose time has come, each with how many they are.

    Shape: (run's id, free steps).
    """
    for run in BatchRun.objects.filter(kind__in=registry, state=BatchRun.State.RUNNING):
        steps = registry[run.kind](run)
        with transaction.atomic():
            free = free_steps(run, steps, now=real_now()).select_for_update(skip_locked=True)
            found = len(free.values_list("pk", flat=True))
        if found:
            yield run.pk, found


def take_part(run_id: int, registry: Registry, *, for_s: float) -> bool:
    """Do steps of a run for so long; whether there may be more. Failures are on the steps."""
    run = BatchRun.objects.get(pk=run_id)
    began = monotonic()
    work(run, registry[run.kind](run), for_s=for_s)
    return run.state == BatchRun.State.RUNNING and monotonic() - began >= for_s
