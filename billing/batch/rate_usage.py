"""Rating a month's usage anew, as long as it is open.

Source: RAT-2, RAT-14, RAT-15.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from billing.batch.usage.locks import lock_usage_for_rating
from billing.batch.usage.rerate import rerate
from billing.models import ClosedMonth
from bss.kernel.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of ``count`` parts of the subscribers; a bundle's members are in one part together."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingReport:
    """``rejected`` are records for which the catalogue has no price (any more)."""

    records: int = 0
    changed: int = 0
    rejected: int = 0


@transaction.atomic
def rate_month(*, month: Month, shard: Shard | None = None, whole: bool = False) -> RatingReport:
    """Rate records anew whose terms have changed since they were rated, in the order of RAT-2.

    All of the month with ``whole``; a closed month is left as it is. Only rows that come out
    differently are written.
    Locks: loads wait until the transaction ends (``lock_usage_for_rating``).
    Raises: NoCatalogueError.
    """
    lock_usage_for_rating()
    if ClosedMonth.objects.filter(month=month.first_day).exists():
        return RatingReport()
    part = shard or Shard(number=0, count=1)
    done = rerate(month, shard=part.number, shards=part.count, whole=whole)
    return RatingReport(records=done.records, changed=done.changed, rejected=done.rejected)


def rate_what_came_early(*, month: Month, at: datetime) -> None:
    """Rate anew the usage that was there before this start of its month (RAT-14): seldom any.

    A start that comes late changes plans and pools of its month, and of those begun since.
    """
    latest = Month.of(at)
    while month <= latest:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM billing_record WHERE month = %s)", [month.first_day]
            )
            (has_usage,) = cursor.fetchone()
        if has_usage:
            rate_month(month=month)
        month = month.next
