"""The partitions of usage, and the lock that keeps loading and closing apart."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bss.kernel.periods import Month

PARTITIONED = ("billing_usage", "billing_rated_usage")
MANY = 5_000
_LOCK = 0x5A6E01


def ensure_partitions(first_days: Iterable[date]) -> None:
    """Make the monthly partitions that are not there yet."""
    with connection.cursor() as cursor:
        for first_day in sorted(first_days):
            for table in PARTITIONED:
                partition = partition_of(table, first_day)
                cursor.execute("SELECT to_regclass(%s) IS NULL", [partition])
                if cursor.fetchone()[0]:
                    cursor.execute(
                        f"CREATE TABLE {partition} PARTITION OF {table}"
                        " FOR VALUES FROM (%s) TO (%s)",
                        [first_day, Month.of(first_day).next.first_day],
                    )


def plan_for(cursor: CursorWrapper, *, records: int) -> None:
    """Many records: no nested loops over steps whose size the planner cannot estimate."""
    many = records >= MANY
    cursor.execute(
        f"SET LOCAL enable_nestloop = {'off' if many else 'on'};"
        f"SET LOCAL work_mem = '{'128MB' if many else '8MB'}'; SET LOCAL jit = off"
    )


def take_statistics(cursor: CursorWrapper, *tables: str) -> None:
    """Tell the planner about rows that this very transaction wrote.

    Locks: against other ANALYZE of the tables until commit, so only loads do it, never shards.
    """
    cursor.execute(f"ANALYZE {', '.join(tables)}")


def partition_of(table: str, first_day: date) -> str:
    return f"{table}_{first_day:%Y_%m}"


def lock_usage_for_loading() -> None:
    """Wait until nobody rates or closes a month; hold them off until the transaction ends.

    Locks: one advisory lock, exclusive; loads come one after another.
    """
    _lock("pg_advisory_xact_lock")


def lock_usage_for_rating() -> None:
    """Wait for loads to end; hold them off until the transaction ends. Shards rate side by side."""
    _lock("pg_advisory_xact_lock_shared")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
