"""The partitions of rated records, and how rows get into them.

A month has one partition for small loads (part 0); each large load brings its own, filled and
indexed before it is attached, so that it locks nobody out meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.batch.usage.binary import EPOCH_2000_DAYS, EPOCH_2000_US, Column, copy_rows
from billing.batch.usage.draw import GROUPS, Balance, Drawn
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.pending import Pending
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.batch.usage.words import FIRST_YEAR, Ints
from bss.kernel.periods import Month

RECORDS = "billing_record"
SHARED_PART = 0
SAME_IN_A_PART = ("month", "billed_month", "part", "file_id")
"""Columns that are the same in all rows of a large load's part."""
VARYING = f"""
SELECT string_agg(format('%%I %%s NOT NULL', attname, format_type(atttypid, atttypmod)), ', '
                  ORDER BY attnum)
FROM pg_attribute
WHERE attrelid = '{RECORDS}'::regclass AND attnum > 0 AND NOT attisdropped
  AND attname <> ALL (%s)
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
    with connection.cursor() as cursor:
        cursor.execute(VARYING, [list(SAME_IN_A_PART)])
        (columns,) = cursor.fetchone()
        cursor.execute(f"CREATE TABLE {target.table} ({columns})")


def attach_part(target: Target) -> None:
    """Say what is the same in all rows of a large load, index them, and make them of the month.

    A column with a default that is added to rows needs no place in any of them. The CHECK spares
    the attach a look at every row.
    Locks: SHARE UPDATE EXCLUSIVE on the month's partition until the transaction ends.
    """
    name, month = target.table, target.month
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {name}"
            " ADD month date NOT NULL DEFAULT %(month)s,"
            " ADD billed_month date NOT NULL DEFAULT %(billed_month)s,"
            " ADD part integer NOT NULL DEFAULT %(part)s,"
            " ADD file_id integer NOT NULL DEFAULT %(file_id)s,"
            " ADD CHECK (month >= %(month)s AND month < %(next_month)s AND part = %(part)s)",
            {
                "month": month.first_day,
                "next_month": month.next.first_day,
                "billed_month": target.billed_month.first_day,
                "part": target.part,
                "file_id": target.file_id,
            },
        )
        _index(cursor, name)
        cursor.execute(
            f"ALTER TABLE {month_table(month)} ATTACH PARTITION {name}"
            f" FOR VALUES IN ({target.part});"
            f"ANALYZE {name}"
        )


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
        Column("month", _days(target.month.first_day), 4),
        Column("billed_month", _days(target.billed_month.first_day), 4),
        Column("part", target.part, 4),
        Column("file_id", target.file_id, 4),
    ]


def has_balances(month: Month) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM billing_drawn WHERE month = %s)", [month.first_day]
        )
        return bool(cursor.fetchone()[0])


def no_balances() -> Balance:
    return Balance(*(np.zeros(0, np.int64) for _ in Balance.names()))


def read_balances(month: Month, groups: Ints) -> Balance:
    """The balances of these groups, each once and sorted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_group, (extract(epoch FROM last_end_at) * 1000000)::bigint,"
            " vpn_asked, vpn_drawn, asked, drawn FROM billing_drawn"
            " WHERE month = %s AND owner_group = ANY (%s) ORDER BY owner_group",
            [month.first_day, np.unique(groups).tolist()],
        )
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 6)
    return Balance(*(rows[:, column].copy() for column in range(6)))


def write_balances(month: Month, balance: Balance) -> None:
    """Keep what the groups' allowances gave by now; rows that say so already stay as they are."""
    if not len(balance):
        return
    with connection.cursor() as cursor:
        columns = _balance_columns(month, balance)
        if not has_balances(month):
            copy_rows(cursor, "billing_drawn", columns)
            return
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS drawn_now (LIKE billing_drawn) ON COMMIT DROP;"
            "TRUNCATE drawn_now"
        )
        copy_rows(cursor, "drawn_now", columns)
        cursor.execute(
            "ANALYZE drawn_now;"
            "INSERT INTO billing_drawn SELECT * FROM drawn_now n WHERE NOT EXISTS ("
            " SELECT FROM billing_drawn d WHERE d.month = n.month AND d.owner_group = n.owner_group"
            " AND (d.last_end_at, d.vpn_asked, d.vpn_drawn, d.asked, d.drawn)"
            " = (n.last_end_at, n.vpn_asked, n.vpn_drawn, n.asked, n.drawn))"
            " ON CONFLICT (month, owner_group) DO UPDATE SET last_end_at = excluded.last_end_at,"
            " vpn_asked = excluded.vpn_asked, vpn_drawn = excluded.vpn_drawn,"
            " asked = excluded.asked, drawn = excluded.drawn"
        )


def forget_balances(month: Month, groups: Ints, *, but: Ints) -> None:
    """Take away what these groups' allowances gave, but for some that still give."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_group FROM billing_drawn WHERE month = %s AND owner_group = ANY (%s)",
            [month.first_day, groups.tolist()],
        )
        held = np.array([group for (group,) in cursor.fetchall()], np.int64)
        gone = np.setdiff1d(held, but)
        if len(gone):
            cursor.execute(
                "DELETE FROM billing_drawn WHERE month = %s AND owner_group = ANY (%s)",
                [month.first_day, gone.tolist()],
            )


def _balance_columns(month: Month, balance: Balance) -> list[Column]:
    return [
        Column("month", _days(month.first_day), 4),
        Column("owner_group", balance.group),
        Column("last_end_at", balance.last_us - EPOCH_2000_US),
        Column("vpn_asked", balance.vpn_asked),
        Column("vpn_drawn", balance.vpn_drawn),
        Column("asked", balance.asked),
        Column("drawn", balance.drawn),
    ]


def count_pools(month: Month, bundles: Sequence[int]) -> None:
    """Tell the month's pools of these bundles what they gave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE packages_wo_pool p"
            " SET used = coalesce(d.drawn, 0), vpn_used = coalesce(d.vpn_drawn, 0)"
            " FROM unnest(%(bundles)s::bigint[]) AS b (id)"
            " LEFT JOIN billing_drawn d"
            " ON d.month = %(month)s AND d.owner_group = b.id * %(groups)s + %(kind)s"
            " WHERE p.bundle_id = b.id AND p.month = %(month)s AND (p.used, p.vpn_used)"
            " IS DISTINCT FROM (coalesce(d.drawn, 0), coalesce(d.vpn_drawn, 0))",
            {
                "bundles": list(bundles),
                "month": month.first_day,
                "groups": GROUPS,
                "kind": BUNDLE_GROUP,
            },
        )


def _index(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(
        f"CREATE INDEX {table}_key ON {table} (key);"
        f"CREATE INDEX {table}_subscription ON {table} (subscription_id)"
    )


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days - EPOCH_2000_DAYS
