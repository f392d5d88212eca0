"""Rating a month's usage, set-based: each open month anew and whole, late usage once.

The SQL stands in ``rate_usage.sql``; its specification is ``billing.rules``.
Source: RAT-2, RAT-14, RAT-15.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from billing.batch.usage_tables import (
    ensure_partitions,
    lock_usage_for_rating,
    plan_for,
)
from billing.models import ClosedMonth
from billing.queries.rating_terms import rating_terms
from billing.rules.rating import STANDARD_TARIFFS
from bss.kernel.periods import Month

RATE = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
REJECT_UNPRICED = Path(__file__).with_name("reject_unpriced.sql").read_text(encoding="utf-8")

SCOPE_OF_MONTH = """
INSERT INTO rating_scope
SELECT u.subscription_id
FROM (SELECT DISTINCT subscription_id FROM billing_usage WHERE month = %(month)s) u
LEFT JOIN packages_wo_membership m
  ON m.subscription_id = u.subscription_id AND m.state IN ('in_force', 'ended')
 AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
WHERE mod(coalesce(m.bundle_id * 2, u.subscription_id * 2 + 1), %(shards)s) = %(shard)s
"""

COUNT_POOLS = """
UPDATE packages_wo_pool p
SET used = coalesce(d.pool, 0), vpn_used = coalesce(d.vpn, 0)
FROM (
    SELECT m.bundle_id,
           sum(r.pool_minutes) AS pool,
           sum(r.vpn_minutes) FILTER (WHERE mod(r.vpn_key, 8) = 1) AS vpn
    FROM rating_scope c
    JOIN packages_wo_membership m
      ON m.subscription_id = c.subscription_id AND m.state IN ('in_force', 'ended')
     AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
    LEFT JOIN billing_rated_usage r
      ON r.month = %(month)s AND r.subscription_id = c.subscription_id
     AND r.bundle_id = m.bundle_id
    GROUP BY m.bundle_id
) d
WHERE p.bundle_id = d.bundle_id AND p.month = %(month)s
  AND (p.used, p.vpn_used) IS DISTINCT FROM (coalesce(d.pool, 0), coalesce(d.vpn, 0))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of ``count`` parts of the subscribers; a bundle's members are in one part together."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingReport:
    """``rejected`` are records for which the catalogue has no price (any more)."""

    records: int = 0
    rejected: int = 0


@transaction.atomic
def rate_month(*, month: Month, shard: Shard | None = None) -> RatingReport:
    """Rate the month's records anew in the order of RAT-2; a closed month is left as it is.

    Locks: loads wait until the transaction ends (``lock_usage_for_rating``).
    Raises: NoCatalogueError.
    """
    lock_usage_for_rating()
    if ClosedMonth.objects.filter(month=month.first_day).exists():
        return RatingReport()
    ensure_partitions([month.first_day])
    part = shard or Shard(number=0, count=1)
    with connection.cursor() as cursor:
        start_scope(cursor)
        cursor.execute(
            SCOPE_OF_MONTH,
            {"month": month.first_day, "shard": part.number, "shards": part.count},
        )
        return rate_scope(cursor, month=month, is_late=False)


def rate_what_came_early(*, month: Month, at: datetime) -> None:
    """Rate anew the usage that was there before this start of its month (RAT-14): seldom any.

    A start that comes late changes plans and pools of its month, and of those begun since.
    """
    latest = Month.of(at)
    while month <= latest:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM billing_usage WHERE month = %s)", [month.first_day]
            )
            (has_usage,) = cursor.fetchone()
        if has_usage:
            rate_month(month=month)
        month = month.next


def start_scope(cursor: CursorWrapper) -> None:
    """Make the empty tables that name what is to be rated; they end with the transaction."""
    cursor.execute(
        "DROP TABLE IF EXISTS rating_scope, rating_late;"
        "CREATE TEMP TABLE rating_scope (subscription_id bigint PRIMARY KEY) ON COMMIT DROP;"
        "CREATE TEMP TABLE rating_late (usage_id bigint PRIMARY KEY, line_no bigint NOT NULL)"
        " ON COMMIT DROP"
    )


def rate_scope(cursor: CursorWrapper, *, month: Month, is_late: bool) -> RatingReport:
    """Rate the records of ``rating_scope``, late ones in ``rating_late`` alone; count the pools.

    The scope holds whole bundles: every member that has usage in the month.
    """
    terms = rating_terms(month)
    cursor.execute(
        "ANALYZE rating_scope;"
        "SELECT count(*) FROM billing_usage u JOIN rating_scope c"
        " ON c.subscription_id = u.subscription_id WHERE u.month = %s",
        [month.first_day],
    )
    plan_for(cursor, records=cursor.fetchone()[0])
    if not is_late:
        cursor.execute(
            "DELETE FROM billing_rated_usage r USING rating_scope c"
            " WHERE r.month = %s AND r.subscription_id = c.subscription_id",
            [month.first_day],
        )
    cursor.execute(
        RATE,
        {
            **terms.sql_parameters(),
            "month": month.first_day,
            "month_end": month.ends_at,
            "fixed_standard": STANDARD_TARIFFS["fixed"],
            "m2g_standard": STANDARD_TARIFFS["m2g"],
            "is_late": is_late,
        },
    )
    records = cursor.rowcount
    cursor.execute(REJECT_UNPRICED, {"month": month.first_day})
    rejected = cursor.fetchone()[0]
    cursor.execute(COUNT_POOLS, {"month": month.first_day})
    return RatingReport(records=records - rejected, rejected=rejected)
