"""The partitions of rated records, and how rows get into them.

A month has one partition for small loads (part 0); each large load brings its own, filled and
indexed before it is attached, so that it locks nobody out meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.batch.usage.binary import EPOCH_2000_US, Column, days_of
from billing.batch.usage.draw import Drawn
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.pending import Pending
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.words import FIRST_YEAR
from bss.kernel.periods import Month

RECORDS = "billing_record"
SHARED_PART = 0
SAME_IN_A_PART = ("month", "billed_month", "part", "file_id")
"""Columns that are the same in all rows of a large load's part."""
PLANNED_BY = "subscription_id, key, item, amount_hao, info_fee_hao, month, billed_month"
"""Columns whose statistics plans of queries need; without those of the months a close takes a
month's records for a handful and compares each of them with every account."""
LEFT_PARTS = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relname ~ %s
  AND c.relnamespace = current_schema()::regnamespace
"""
COLUMNS = f"""
SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = '{RECORDS}'::regclass AND attnum > 0 AND NOT attisdropped
  AND attname <> ALL (%s)
ORDER BY attnum
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where rows of one month go, and the month on whose bill they stand."""

    month: Month
    billed_month: Month
    part: int
    file_id: int

    @property
    def table(self) -> str:
        return part_table(self.month, self.part)


def month_of_index(index: int) -> Month:
    return Month(FIRST_YEAR, 1).plus(index)


def index_of_month(month: Month) -> int:
    return (month.year - FIRST_YEAR) * 12 + month.number - 1


def next_part() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('billing_record_part_seq')")
        return int(cursor.fetchone()[0])


def ensure_month(month: Month) -> None:
    """Make the month's partition, and within it that of small loads, if they are not there."""
    name, shared = month_table(month), part_table(month, SHARED_PART)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            f"CREATE TABLE {name} (LIKE {RECORDS}) PARTITION BY LIST (part);"
            f"CREATE TABLE {shared} (LIKE {RECORDS});"
        )
        _index(cursor, shared)
        cursor.execute(
            f"ALTER TABLE {name} ATTACH PARTITION {shared} FOR VALUES IN ({SHARED_PART});"
            f"ALTER TABLE {RECORDS} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
            [month.first_day, month.next.first_day],
        )


def start_part(target: Target) -> None:
    """A table of its own for the rows of a large load, without what is the same in all of them."""
    start_table(target.table, without=SAME_IN_A_PART)


def complete_part(target: Target) -> None:
    """Say what is the same in all rows of a large load, and make its table ready.

    Without workers of the server's: carriers do so side by side already, and rows come in order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")
    complete_table(
        target.table,
        month=target.month,
        part=target.part,
        same=(
            f"ADD billed_month date NOT NULL DEFAULT '{target.billed_month.first_day}',"
            f" ADD file_id integer NOT NULL DEFAULT {target.file_id},"
        ),
    )


def start_table(name: str, *, without: Collection[str]) -> list[str]:
    """A table for rows of records that lacks some columns; gives the names of those it has."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [list(without)])
        columns = cursor.fetchall()
        parts = ", ".join(f"{column} {kind} NOT NULL" for column, kind in columns)
        cursor.execute(f"CREATE TABLE {name} ({parts})")
    return [column for column, _ in columns]


def complete_table(name: str, *, month: Month, part: int, same: str = "") -> None:
    """Say of which month and part all rows are, index them, and look at their values.

    A column with a default that is added to rows needs no place in any of them. The CHECK spares
    the attach a look at every row.
    """
    first, end = month.first_day, month.next.first_day
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {name} {same}"
            f" ADD month date NOT NULL DEFAULT '{first}', ADD part integer NOT NULL DEFAULT {part},"
            f" ADD CHECK (month >= '{first}' AND month < '{end}' AND part = {part})"
        )
        _index(cursor, name)
        cursor.execute(f"ANALYZE {name} ({PLANNED_BY})")


def attach_part(month: Month, part: int) -> None:
    """Make the table of a large load part of its month.

    Locks: SHARE UPDATE EXCLUSIVE on the month's partition until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {month_table(month)} ATTACH PARTITION {part_table(month, part)}"
            f" FOR VALUES IN ({part})"
        )


def drop_left_parts() -> None:
    """Drop tables that loads left behind which died before they attached them.

    Locks: the caller holds off other loads.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEFT_PARTS, [f"^{RECORDS}_[0-9]{{4}}_[0-9]{{2}}_p[0-9]+$"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")


def month_table(month: Month) -> str:
    return f"{RECORDS}_{month.year:04d}_{month.number:02d}"


def part_table(month: Month, part: int) -> str:
    return f"{month_table(month)}_p{part}"


def row_columns(records: Pending, drawn: Drawn, *, month: MonthTerms) -> list[Column]:
    """The rows of the records, but for their lines and what is the same in all of a part."""
    asked, placed = records.asked, records.placed
    rate = (
        np.where(asked.rate == NOWHERE, 0, month.prices.rate_id[asked.rate])
        if len(month.prices.rate_id)
        else np.zeros(len(records), np.int64)
    )
    return [
        Column("key", placed.key),
        Column("subscription_id", placed.subscription),
        Column("bundle_id", month.callers.bundle[asked.caller]),
        Column("end_at", asked.end_us - EPOCH_2000_US),
        Column("quantity", asked.quantity),
        Column("vpn_before", drawn.vpn_before),
        Column("draw_before", drawn.draw_before),
        Column("drawn_units", drawn.drawn_units),
        Column("amount_hao", drawn.amount_hao),
        Column("info_fee_hao", asked.info_fee_hao),
        Column("line_no", placed.line_no, 4),
        Column("duration_s", asked.duration_s, 4),
        Column("vpn_minutes", drawn.vpn_minutes, 4),
        Column("rate_id", rate, 4),
        Column("area", placed.area, 4),
        Column("item", asked.item, 2),
        Column("way", asked.way, 2),
    ]


def same_columns(target: Target) -> list[Column]:
    """What is the same in all rows that one load brings for one month."""
    return [
        Column("month", days_of(target.month.first_day), 4),
        Column("billed_month", days_of(target.billed_month.first_day), 4),
        Column("part", target.part, 4),
        Column("file_id", target.file_id, 4),
    ]


def _index(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(
        f"CREATE INDEX {table}_key ON {table} (key);"
        f"CREATE INDEX {table}_subscription ON {table} (subscription_id)"
    )
