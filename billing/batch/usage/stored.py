"""Stored records read back, so that they are drawn anew; and what changed, written back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray

from billing.batch.usage.ask import Asked, ask
from billing.batch.usage.binary import Column, copy_rows
from billing.batch.usage.columns import Columns, Shaped
from billing.batch.usage.directory import Held
from billing.batch.usage.draw import Drawn
from billing.batch.usage.formats import format_of
from billing.batch.usage.lines import Block
from billing.batch.usage.pending import Pending, Placed
from billing.batch.usage.shape import shape
from billing.batch.usage.store import index_of_month, row_columns
from billing.batch.usage.tables import copied
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.words import EPOCH, P10, PADDING, Flags, Ints
from billing.models import UsageFile
from bss.kernel.periods import Month

RATED = (
    "bundle_id", "item", "way", "rate_id", "quantity", "vpn_before", "vpn_minutes",
    "draw_before", "drawn_units", "amount_hao", "info_fee_hao",
)  # fmt: skip
"""The columns that rating fills."""
KEPT = ("key", "subscription_id", "file_id", "line_no", "part", "area")
QUERY = f"""
    SELECT {", ".join((*KEPT, *RATED))}, line FROM billing_record
    WHERE month = %(month)s AND (billed_month > month) = %(late)s
      AND subscription_id = ANY (%(subscriptions)s)
"""
TYPES = {name: pa.int64() for name in (*KEPT, *RATED)} | {"line": pa.string()}
CHANGE = f"""
    UPDATE billing_record r SET {", ".join(f"{name} = n.{name}" for name in RATED)}
    FROM changed_now n
    WHERE r.month = %s AND r.part = n.part AND r.key = n.key
      AND r.file_id = n.file_id AND r.line_no = n.line_no
"""

NEVER = EPOCH.replace(year=9000)
"""Stored records were judged when they came: none of them is in the future."""
ReachedFor = Callable[[Shaped, Ints, Ints], Held]


@dataclass(slots=True)
class Stored(Columns):
    """Where a stored record is, and what rating said of it last."""

    file_id: Ints
    part: Ints
    rated: NDArray[np.int64]


def read_stored(
    month: MonthTerms,
    *,
    subscriptions: Sequence[int],
    reached_for: ReachedFor,
    late: bool = False,
) -> tuple[Pending, Stored, Flags]:
    """The month's records of these subscriptions, asked anew; which of them have a price.

    Those that came in time, or the ``late`` ones, which stand on later bills.
    """
    table = copied(
        QUERY,
        {"month": month.month.first_day, "subscriptions": list(subscriptions), "late": late},
        types=TYPES,
    ).combine_chunks()
    numbers = {name: table[name].to_numpy() for name in (*KEPT, *RATED)}
    lines = table["line"]
    lines = pa.concat_arrays(lines.chunks) if lines.num_chunks else pa.array([], pa.string())
    area_digits = np.searchsorted(P10, numbers["area"], side="right") - 1
    area_value = numbers["area"] - P10[area_digits]
    parts: list[tuple[Ints, Asked, Flags]] = []
    for rows, file in _by_columns(numbers["file_id"]):
        block = _block(lines.take(pa.array(rows)), numbers["line_no"][rows])
        format = format_of(file)
        records = shape(block, cut=format.cut(block), fields_of=format.fields_of, at=NEVER)
        asked, is_priced = ask(
            records,
            subscription=numbers["subscription_id"][rows],
            area_value=area_value[rows],
            area_digits=area_digits[rows],
            reached=reached_for(records, area_value[rows], area_digits[rows]),
            month=month,
        )
        parts.append((rows, asked, is_priced))
    order = np.concatenate([rows for rows, _, _ in parts]) if parts else np.zeros(0, np.int64)
    placed = Placed(
        line_no=numbers["line_no"],
        key=numbers["key"],
        month=np.full(len(table), index_of_month(month.month)),
        subscription=numbers["subscription_id"],
        area=numbers["area"],
    ).pick(order)
    stored = Stored(
        file_id=numbers["file_id"],
        part=numbers["part"],
        rated=np.column_stack([numbers[name] for name in RATED]),
    ).pick(order)
    asked = Asked.joined([asked for _, asked, _ in parts]) if parts else _nothing_asked()
    priced = np.concatenate([p for _, _, p in parts]) if parts else np.zeros(0, np.bool_)
    return Pending(placed, asked, lines.take(pa.array(order))), stored, priced


def write_changes(records: Pending, stored: Stored, drawn: Drawn, *, month: MonthTerms) -> int:
    """Update the rows whose rating is not what it was; how many."""
    columns = {c.name: c for c in row_columns(records, drawn, month=month)}
    rated = np.column_stack([np.asarray(columns[name].values, np.int64) for name in RATED])
    rows = np.flatnonzero((rated != stored.rated).any(axis=1)) if len(records) else np.zeros(0, int)
    if not len(rows):
        return 0
    changed = [
        Column("key", records.placed.key[rows]),
        Column("file_id", stored.file_id[rows], 4),
        Column("line_no", records.placed.line_no[rows], 4),
        Column("part", stored.part[rows], 4),
        *(Column(n, np.asarray(columns[n].values)[rows], columns[n].bytes) for n in RATED),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS changed_now ON COMMIT DROP AS"
            f" SELECT {', '.join(column.name for column in changed)}"
            " FROM billing_record WITH NO DATA;"
            "TRUNCATE changed_now"
        )
        copy_rows(cursor, "changed_now", changed)
        cursor.execute("ANALYZE changed_now")
        cursor.execute(CHANGE, [month.month.first_day])
    return len(rows)


def delete_stored(records: Pending, stored: Stored, *, month: Month) -> None:
    """Take records away that go to the reject store."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM billing_record r"
            " USING unnest(%s::bigint[], %s::int[], %s::int[], %s::int[])"
            " AS n (key, file_id, line_no, part)"
            " WHERE r.month = %s AND r.part = n.part AND r.key = n.key"
            " AND r.file_id = n.file_id AND r.line_no = n.line_no",
            [
                records.placed.key.tolist(),
                stored.file_id.tolist(),
                records.placed.line_no.tolist(),
                stored.part.tolist(),
                month.first_day,
            ],
        )


def _by_columns(file_id: Ints) -> list[tuple[Ints, UsageFile]]:
    """The rows of files whose lines are cut alike."""
    files = UsageFile.objects.in_bulk(np.unique(file_id).tolist())
    alike: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for number, file in files.items():
        alike.setdefault((file.format, tuple(file.columns)), []).append(number)
    return [
        (np.flatnonzero(np.isin(file_id, numbers)), files[numbers[0]]) for numbers in alike.values()
    ]


def _block(lines: pa.StringArray, line_no: Ints) -> Block:
    offsets = np.frombuffer(lines.buffers()[1], np.int32)[: len(lines) + 1].astype(np.int64)
    raw = np.zeros(int(offsets[-1]) + PADDING, np.uint8)
    if offsets[-1]:
        raw[: offsets[-1]] = np.frombuffer(lines.buffers()[2], np.uint8)[: offsets[-1]]
    return Block(raw=raw, offsets=offsets, line_no=line_no)


def _nothing_asked() -> Asked:
    return Asked(*(np.zeros(0, np.int64) for _ in Asked.names()))  # type: ignore[arg-type]
