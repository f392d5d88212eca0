"""The lock that keeps loading and closing apart."""

from django.db import connection

_LOCK = 0x5A6E01


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
