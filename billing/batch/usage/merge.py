"""The parts of a closed month made one, so that its partitions stay few. Source: ADR 0026."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from billing.batch.usage.locks import lock_usage_for_loading
from billing.batch.usage.store import (
    RECORDS,
    SHARED_PART,
    attach_part,
    complete_table,
    month_table,
    next_part,
    part_table,
    start_table,
)
from bss.kernel.periods import Month

FEW_PARTS = 4
"""So many parts of large loads a month may keep."""
ROWS_AT_MOST = 20_000_000
"""Larger parts are not written anew."""
PATIENCE = "60s"
"""So long the merge waits for those who read the month; then it is tried again later."""
PARTS = """
SELECT substring(c.relname FROM '_p([0-9]+)$')::int, greatest(c.reltuples, 0)::bigint
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass(%s) ORDER BY 1
"""


@transaction.atomic
def merge_parts(month: Month) -> int:
    """Write the rows of many parts into one and put that in their place; gives how many parts.

    Locks: loads wait; readers of the month wait while the parts are exchanged.
    """
    lock_usage_for_loading()
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [month_table(month)])
        rows = dict(cursor.fetchall())
        merged = mergeable(rows)
        if merged:
            _merge(cursor, month, merged)
    return len(merged)


def mergeable(rows: Mapping[int, int]) -> list[int]:
    """The parts to be merged: none when they are few, else the smallest that fit together.

    Shape: part → rows.
    """
    own = sorted((count, part) for part, count in rows.items() if part != SHARED_PART)
    if len(own) <= FEW_PARTS:
        return []
    chosen, total = list[int](), 0
    for count, part in own:
        if total + count > ROWS_AT_MOST:
            break
        chosen.append(part)
        total += count
    return sorted(chosen) if len(chosen) > 1 else []


def _merge(cursor: CursorWrapper, month: Month, parts: Sequence[int]) -> None:
    new = next_part()
    name = part_table(month, new)
    columns = ", ".join(start_table(name, without=("month", "part")))
    cursor.execute(
        f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {RECORDS}"
        " WHERE month = %s AND part = ANY (%s)",
        [month.first_day, list(parts)],
    )
    complete_table(name, month=month, part=new)
    cursor.execute(
        "UPDATE billing_known_ids SET parts = parts || %s"
        " WHERE months @> ARRAY[%s::date] AND parts && %s::int[]",
        [new, month.first_day, list(parts)],
    )
    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    for part in parts:
        cursor.execute(f"DROP TABLE {part_table(month, part)}")
    attach_part(month, new)
