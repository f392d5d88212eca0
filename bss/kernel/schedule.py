"""Scheduled jobs by the business clock: what is due and not yet done is done, in order.

When the clock jumps (training, or servers that were off), every missed occurrence is caught up, the
oldest first, each with its own due moment as ``at``.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from django.db import connection

from bss.kernel.clock import real_now
from bss.kernel.logs import error_line
from bss.kernel.models.scheduled_run import ScheduledRun
from bss.kernel.periods import BUSINESS_ZONE, Month, business_date

SCHEDULE_LOCK = 0x62737301
RETRY_PAUSE_S = 60
LOOK_AGAIN_S = 5

log = logging.getLogger(__name__)


class NotYetError(Exception):
    """A job's work is in good hands but not done: nothing overtakes it, and nothing failed."""


class DueRule(Protocol):
    def latest(self, moment: datetime) -> datetime:
        """The last occurrence at or before ``moment``."""

    def following(self, occurrence: datetime) -> datetime:
        """The occurrence after this one."""


@dataclass(frozen=True)
class Daily:
    """Every day at ``at``, Asia/Shanghai."""

    at: time

    def latest(self, moment: datetime) -> datetime:
        today = datetime.combine(business_date(moment), self.at, BUSINESS_ZONE)
        return today if today <= moment else today - timedelta(days=1)

    def following(self, occurrence: datetime) -> datetime:
        return occurrence + timedelta(days=1)


@dataclass(frozen=True)
class Monthly:
    """Every month on ``day`` (at most 28) at ``at``, Asia/Shanghai."""

    day: int
    at: time

    def latest(self, moment: datetime) -> datetime:
        month = Month.of(moment)
        here = self._in(month)
        return here if here <= moment else self._in(month.previous)

    def following(self, occurrence: datetime) -> datetime:
        return self._in(Month.of(occurrence).next)

    def _in(self, month: Month) -> datetime:
        return datetime.combine(month.first_day.replace(day=self.day), self.at, BUSINESS_ZONE)


@dataclass(frozen=True)
class Every:
    """Every so many minutes, counted from midnight."""

    minutes: int

    def latest(self, moment: datetime) -> datetime:
        midnight = datetime.combine(business_date(moment), time(0), BUSINESS_ZONE)
        step = timedelta(minutes=self.minutes)
        return midnight + (moment - midnight) // step * step

    def following(self, occurrence: datetime) -> datetime:
        return occurrence + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Job:
    """One scheduled job. ``run(at=due_at)`` must be idempotent: a crash may repeat it.

    Without ``catch_up`` only the latest occurrence counts (housekeeping, deadlines).
    """

    name: str
    due: DueRule
    run: Callable[..., object]
    catch_up: bool = True


def run_due(jobs: Sequence[Job], *, at: datetime, limit: int = 50) -> int:
    """Run what is due by ``at``, oldest first, equal moments in the order of ``jobs``.

    A job that was never run starts with its latest occurrence. A failure is noted, retried after a
    pause, and nothing overtakes it: a bill run does not start before the month start is done.

    Locks: one session lock, so that two workers do not run the schedule at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SCHEDULE_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        done = 0
        while done < limit and _run_next(jobs, at=at):
            done += 1
        return done
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEDULE_LOCK])


def _run_next(jobs: Sequence[Job], *, at: datetime) -> bool:
    due = min(_waiting(jobs, at=at), key=lambda found: found[0], default=None)
    if due is None:
        return False
    due_at, job = due
    run, _ = ScheduledRun.objects.get_or_create(name=job.name, due_at=due_at)
    if run.retry_after and run.retry_after > real_now():
        return False
    try:
        job.run(at=due_at)
    except NotYetError:
        run.retry_after = real_now() + timedelta(seconds=LOOK_AGAIN_S)
        run.save(update_fields=["retry_after"])
        return False
    except Exception as error:
        log.exception("scheduled job %s of %s failed", job.name, due_at)
        run.attempts += 1
        run.last_error = error_line(error)
        run.retry_after = real_now() + timedelta(seconds=RETRY_PAUSE_S)
        run.save(update_fields=["attempts", "last_error", "retry_after"])
        return False
    run.done_at = real_now()
    run.save(update_fields=["done_at"])
    if not job.catch_up:
        ScheduledRun.objects.filter(name=job.name, due_at__lt=due_at).delete()
    return True


def _waiting(jobs: Sequence[Job], *, at: datetime) -> Iterator[tuple[datetime, Job]]:
    """Each job's next undone occurrence that is due."""
    for job in jobs:
        done = ScheduledRun.objects.filter(name=job.name, done_at__isnull=False).order_by("-due_at")
        last = done.values_list("due_at", flat=True).first()
        if last is None or not job.catch_up:
            due_at = job.due.latest(at)
        else:
            due_at = job.due.following(last.astimezone(BUSINESS_ZONE))
        if due_at <= at and (last is None or due_at > last):
            yield due_at, job
