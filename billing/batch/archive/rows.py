"""Rows of a month as columns: what of them goes where, and what they come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from billing.batch.usage.store import COLUMNS, RECORDS
from billing.batch.usage.tables import copied
from bss.kernel.periods import Month

NOT_KEPT = ("month", "part")
"""The file's month says the one; the other only says how rows came into the table."""
KINDS: Mapping[str, pa.DataType] = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "smallint": pa.int16(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
    "text": pa.string(),
}
MOMENT = KINDS["timestamp with time zone"]
CUTS = f"""
WITH per AS (
    SELECT subscription_id, count(*) AS records FROM {RECORDS}
    WHERE month = %(month)s AND subscription_id BETWEEN %(first)s AND %(last)s
    GROUP BY subscription_id
), placed AS (
    SELECT subscription_id, (sum(records) OVER (ORDER BY subscription_id) - 1)::bigint
        / %(records)s AS place
    FROM per
)
SELECT min(subscription_id), max(subscription_id) FROM placed GROUP BY place ORDER BY 1
"""
TOTALS = f"""
SELECT count(*), coalesce(sum(duration_s), 0)::bigint, coalesce(sum(amount_hao), 0)::bigint,
    coalesce(sum(info_fee_hao), 0)::bigint, coalesce(bit_xor(hash_record_extended(r, 0)), 0)
FROM (
    SELECT {{columns}} FROM {RECORDS}
    WHERE month = %s AND subscription_id BETWEEN %s AND %s
) r
"""
EVERYBODY = (-(2**63), 2**63 - 1)


@dataclass(frozen=True, slots=True)
class Span:
    """The records of subscriptions ``first`` to ``last`` in a month."""

    month: Month
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What records come to; ``digest`` is of every field of theirs, in whatever order."""

    records: int
    duration_s: int
    amount_hao: int
    info_fee_hao: int
    digest: int


def columns() -> dict[str, pa.DataType]:
    """What is kept of a record, in the table's order."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [list(NOT_KEPT)])
        return {name: KINDS[kind] for name, kind in cursor.fetchall()}


def cut(span: Span, *, records: int) -> list[Span]:
    """The span in parts of about so many records, whole subscriptions each."""
    with connection.cursor() as cursor:
        cursor.execute(
            CUTS,
            {
                "month": span.month.first_day,
                "first": span.first,
                "last": span.last,
                "records": records,
            },
        )
        return [Span(span.month, first, last) for first, last in cursor.fetchall()]


def whole(month: Month, *, records: int) -> list[Span]:
    """The month in such parts, which leave nobody out; one, when it has no records."""
    everybody = Span(month, *EVERYBODY)
    starts = [part.first for part in cut(everybody, records=records)[1:]]
    firsts = [everybody.first, *starts]
    lasts = [*(start - 1 for start in starts), everybody.last]
    return [Span(month, first, last) for first, last in zip(firsts, lasts, strict=True)]


def totals_of(span: Span) -> Totals:
    """What the table's records come to."""
    with connection.cursor() as cursor:
        cursor.execute(
            TOTALS.format(columns=", ".join(columns())),
            [span.month.first_day, span.first, span.last],
        )
        return Totals(*cursor.fetchone())


def read(span: Span, *, at_once: int) -> Iterator[pa.Table]:
    """The records, about so many at once, by subscription and time."""
    kinds = columns()
    wanted = ", ".join(
        f"(extract(epoch FROM {name}) * 1000000)::bigint" if kind == MOMENT else name
        for name, kind in kinds.items()
    )
    types = {name: pa.int64() if kind == MOMENT else kind for name, kind in kinds.items()}
    for part in cut(span, records=at_once):
        table = copied(
            f"SELECT {wanted} FROM {RECORDS}"
            " WHERE month = %(month)s AND subscription_id BETWEEN %(first)s AND %(last)s"
            " ORDER BY subscription_id, end_at, file_id, line_no",
            {"month": part.month.first_day, "first": part.first, "last": part.last},
            types=types,
        )
        yield table.cast(pa.schema(list(kinds.items()))).combine_chunks()
