"""The pools of a month."""

from datetime import date
from pathlib import Path

from django.db import connection

OPEN_POOLS = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def open_pools(*, first_day: date) -> int:
    """Open the month's pool of every bundle in force; gives how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_POOLS, {"first_day": first_day})
        return int(cursor.rowcount)
