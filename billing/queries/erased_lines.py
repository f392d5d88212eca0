"""Records whose owner has been erased since: of their lines the record's id is left (S14-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billing.models import UsageFile
from billing.rules.usage_line import with_its_id_alone
from customers.models import Ownership

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINE = "line"
NEEDED = ("subscription_id", "end_at", "file_id", LINE)
"""The columns that are looked at."""


@dataclass(frozen=True, slots=True)
class Span:
    """A subscription while an erased customer had it; None: until today."""

    subscription_id: int
    since: datetime
    until: datetime | None


def erased_spans(*, first: int, last: int, since: datetime | None = None) -> Sequence[Span]:
    """Of the subscriptions from ``first`` to ``last``; of customers erased ``since`` then only."""
    rows = Ownership.objects.filter(
        subscription__gte=first, subscription__lte=last, owner__erased_at__isnull=False
    )
    if since is not None:
        rows = rows.filter(owner__erased_at__gte=since)
    found = rows.order_by("pk").values_list("subscription_id", "valid_from", "valid_until")
    return [Span(*row) for row in found]


def without_erased(table: pa.Table, spans: Sequence[Span]) -> pa.Table:
    """The same records; the lines that were an erased customer's have their ids alone."""
    rows = np.flatnonzero(_of_erased(table, spans))
    if not len(rows):
        return table
    theirs = table.select(["file_id", LINE]).take(pa.array(rows)).to_pylist()
    files = UsageFile.objects.in_bulk({one["file_id"] for one in theirs})
    lines = table[LINE].to_pylist()
    for row, one in zip(rows.tolist(), theirs, strict=True):
        file = files[one["file_id"]]
        lines[row] = with_its_id_alone(one[LINE], format=file.format, columns=file.columns)
    place = table.schema.get_field_index(LINE)
    return table.set_column(place, table.schema.field(place), pa.array(lines, pa.string()))


def _of_erased(table: pa.Table, spans: Sequence[Span]) -> NDArray[np.bool_]:
    found = np.zeros(len(table), np.bool_)
    if not spans:
        return found
    subscription = table["subscription_id"].to_numpy()
    end_us = table["end_at"].cast(pa.int64()).to_numpy()
    for span in spans:
        theirs = (subscription == span.subscription_id) & (end_us >= _micros(span.since))
        if span.until is not None:
            theirs &= end_us < _micros(span.until)
        found |= theirs
    return found


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
