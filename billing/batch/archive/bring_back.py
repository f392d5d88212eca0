"""An archived month comes back into the table, as one part of its own."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import numpy as np
import pyarrow as pa
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from billing.batch.archive.rows import EVERYBODY, MOMENT, Span, totals_of
from billing.batch.usage.binary import EPOCH_2000_DAYS, EPOCH_2000_US, Column, copy_rows
from billing.batch.usage.locks import lock_usage_for_loading
from billing.batch.usage.store import (
    attach_part,
    complete_table,
    ensure_month,
    next_part,
    part_table,
    start_table,
)
from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import FAULTY, manifest_of, opened, store
from bss.kernel import data_keys, progress
from bss.kernel.errors import Sentence
from bss.kernel.object_store import StoreFaultError
from bss.kernel.periods import Month

LINE = "line"


def bring_back(archive: UsageArchive, *, at: datetime) -> int:
    """Write all records of the files into the table; gives how many. The files go.

    Locks: loads and ratings wait. Raises: StoreFaultError; then nothing is changed.
    """
    month = Month.of(archive.month)
    lock_usage_for_loading()
    ensure_month(month)
    part = next_part()
    name = part_table(month, part)
    start_table(name, without=("month", "part"))
    files = list(archive.files.order_by("number"))
    with connection.cursor() as cursor:
        for done, file in enumerate(files):
            for table in tables_of(file):
                _copy(cursor, name, table)
            progress.tell("files brought back", done + 1, len(files))
        complete_table(name, month=month, part=part)
        attach_part(month, part)
        cursor.execute(
            "UPDATE billing_known_ids SET parts = parts || %s WHERE months @> ARRAY[%s::date]",
            [part, month.first_day],
        )
    _compare(month, files)
    _let_go(archive, files, at=at)
    return sum(file.records for file in files)


def tables_of(file: UsageArchiveFile) -> Iterator[pa.Table]:
    """A file's records, row group after row group. Raises: StoreFaultError."""
    with opened(file) as parquet:
        for number in range(parquet.num_row_groups):
            yield parquet.read_row_group(number)


def _copy(cursor: CursorWrapper, name: str, table: pa.Table) -> None:
    columns = [
        _column(field, table[field.name].combine_chunks())
        for field in table.schema
        if field.name != LINE
    ]
    copy_rows(cursor, name, columns, text=table[LINE].combine_chunks(), freeze=True)


def _column(field: pa.Field, values: pa.Array) -> Column:
    """In PostgreSQL's own form, whose time begins in 2000."""
    if field.type == MOMENT:
        return Column(field.name, values.cast(pa.int64()).to_numpy() - EPOCH_2000_US)
    if pa.types.is_date32(field.type):
        days = values.cast(pa.int32()).to_numpy().astype(np.int64) - EPOCH_2000_DAYS
        return Column(field.name, days, 4)
    return Column(field.name, values.to_numpy(), field.type.bit_width // 8)


def _compare(month: Month, files: list[UsageArchiveFile]) -> None:
    """What is in the table is what was put away."""
    now = totals_of(Span(month, *EVERYBODY))
    was = [(f.records, f.duration_s, f.amount_hao, f.info_fee_hao) for f in files]
    sums = tuple(map(sum, zip(*was, strict=True))) if was else (0, 0, 0, 0)
    if (now.records, now.duration_s, now.amount_hao, now.info_fee_hao) != sums:
        raise StoreFaultError(("", Sentence(FAULTY, name=f"{month}/")))


def _let_go(archive: UsageArchive, files: list[UsageArchiveFile], *, at: datetime) -> None:
    """The files are not wanted any more; copies of them cannot be read."""
    archive.files.all().delete()
    names = [manifest_of(Month.of(archive.month))]
    for file in files:
        data_keys.destroy(file.data_key_id, at=at)
        names.append(file.name)
    for name in names:
        transaction.on_commit(partial(store().delete, name))
