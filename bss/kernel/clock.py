"""The business clock: the only one the edges read.

Real time; or the fixed ``BUSINESS_TIME``; or real time moved on by the training page.

Source: GEN-1, GEN-4.
"""

import time
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from bss.kernel.errors import BadInputError
from bss.kernel.models.business_clock import BusinessClock
from bss.kernel.periods import BUSINESS_ZONE, business_date, local_moment

CACHED_S = 1.0
_cached: tuple[float, timedelta] = (-CACHED_S, timedelta(0))


def now() -> datetime:
    """The business moment, in Asia/Shanghai."""
    if settings.BUSINESS_TIME:
        return local_moment(settings.BUSINESS_TIME)
    return real_now() + _ahead()


def today() -> date:
    """The business day."""
    return business_date(now())


def real_now() -> datetime:
    """The wall clock, for technical times (retries, heartbeats) only."""
    return datetime.now(BUSINESS_ZONE)


def is_moved() -> bool:
    """Whether business time is not real time (every page then says so)."""
    return bool(settings.BUSINESS_TIME) or _ahead() > timedelta(0)


@transaction.atomic
def move_to(moment: datetime) -> None:
    """Move business time on to ``moment``; from there it runs at real speed.

    Raises: BadInputError, when the clock may not be moved here, or backwards.
    """
    if settings.PRODUCTION or not settings.BUSINESS_CLOCK_MOVABLE:
        raise BadInputError(("moment", "生产环境的业务时钟不能调整。"))
    if settings.BUSINESS_TIME:
        raise BadInputError(("moment", "业务时间已由 BUSINESS_TIME 固定,不能调整。"))
    BusinessClock.objects.bulk_create([BusinessClock(id=1)], ignore_conflicts=True)
    clock = BusinessClock.objects.select_for_update().get()
    ahead = moment - real_now()
    if ahead < clock.ahead:
        raise BadInputError(("moment", "业务时钟只能向前调整。"))
    clock.ahead = ahead
    clock.save(update_fields=["ahead"])
    forget()
    transaction.on_commit(forget)


def forget() -> None:
    """Read the table again at the next question."""
    global _cached
    _cached = (-CACHED_S, timedelta(0))


def _ahead() -> timedelta:
    global _cached
    if settings.PRODUCTION:
        return timedelta(0)
    read_at, ahead = _cached
    if time.monotonic() - read_at >= CACHED_S or read_at < 0:
        ahead = BusinessClock.objects.values_list("ahead", flat=True).first() or timedelta(0)
        _cached = (time.monotonic(), ahead)
    return ahead
