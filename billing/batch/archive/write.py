"""A file of the archive: written whole, read back, and only then believed."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from billing.batch.archive.rows import Span, Totals, columns, read, totals_of
from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import FAULTY, faults_told, opened, sealing_of, store
from billing.queries.erased_lines import erased_spans, without_erased
from bss.kernel import data_keys, progress
from bss.kernel.errors import Sentence
from bss.kernel.models import DataKey
from bss.kernel.object_store import StoreFaultError
from bss.kernel.periods import Month

AT_ONCE = 131_072
ROW_GROUP = 32_768
"""So many records are read to show those of one subscription."""
LEVEL = 6
"""Of zstd."""
UNIQUE = ("key", "line")
"""Columns whose values do not come twice."""
RISING = {"end_at": "DELTA_BINARY_PACKED", "line_no": "DELTA_BINARY_PACKED"}
"""Columns that are smaller as steps from one to the next."""
CHUNK_BYTES = 1 << 20


def write_span(archive: UsageArchive, number: int, span: Span, *, at: datetime) -> UsageArchiveFile:
    """Write the table's records of a span; give the unsaved row that says where they are.

    The digest is taken before the records are read: what changes meanwhile is found out when the
    month is put away. Raises: StoreFaultError.
    """
    totals = totals_of(span)
    spans = erased_spans(first=span.first, last=span.last)
    tables = (without_erased(table, spans) for table in read(span, at_once=AT_ONCE))
    file = UsageArchiveFile(
        archive=archive,
        number=number,
        first_subscription=span.first,
        last_subscription=span.last,
        masked_until=at,
        digest=totals.digest,
    )
    return put(file, _told(tables, totals.records), totals)


def put(file: UsageArchiveFile, tables: Iterable[pa.Table], totals: Totals) -> UsageArchiveFile:
    """Write tables as the file under a new key and name, and prove what was written.

    Raises: StoreFaultError.
    """
    file.data_key = data_keys.create()
    file.name = _name_of(file, file.data_key)
    written: list[str] = []
    sums = [0, 0, 0, 0]

    def write(target: BinaryIO) -> None:
        with _writer(target, file) as writer:
            for part in (part for table in tables for part in _row_groups(table)):
                writer.write_table(part)
                written.append(digest_of(part))
                for place, value in enumerate(_sums(part)):
                    sums[place] += value

    store().put(file.name, write)
    file.records, file.duration_s, file.amount_hao, file.info_fee_hao = sums
    file.size_bytes, file.sha256 = weighed(file.name)
    expected = (totals.records, totals.duration_s, totals.amount_hao, totals.info_fee_hao)
    if tuple(sums) != expected or list(_digests(file)) != written:
        raise StoreFaultError(("", Sentence(FAULTY, name=file.name)))
    return file


def digest_of(table: pa.Table) -> str:
    """The same for the same values, wherever they come from."""
    found = hashlib.blake2b(digest_size=16)
    for column in table.itercolumns():
        values = column.combine_chunks()
        if pa.types.is_string(values.type):
            found.update(pc.binary_length(values).to_numpy().tobytes())
            found.update("".join(values.to_pylist()).encode())
        else:
            found.update(values.to_numpy(zero_copy_only=False).tobytes())
    return found.hexdigest()


def check(file: UsageArchiveFile) -> None:
    """See that the file is there as it was written, from wherever this runs.

    Raises: StoreFaultError.
    """
    with faults_told(file.name):
        is_same = weighed(file.name) == (file.size_bytes, file.sha256)
    if not is_same:
        raise StoreFaultError(("", Sentence(FAULTY, name=file.name)))


def weighed(name: str) -> tuple[int, str]:
    """How long an object is, and its checksum."""
    found, size = hashlib.sha256(), 0
    with store().open(name) as source:
        while chunk := source.read(CHUNK_BYTES):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()


def _writer(target: BinaryIO, file: UsageArchiveFile) -> pq.ParquetWriter:
    schema = pa.schema(list(columns().items()))
    return pq.ParquetWriter(
        target,
        schema,
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=[name for name in schema.names if name not in {*UNIQUE, *RISING}],
        column_encoding=RISING,
        write_statistics=["subscription_id", "end_at"],
        encryption_properties=sealing_of(file.name, file.data_key.pk),
    )


def _row_groups(table: pa.Table) -> Iterator[pa.Table]:
    for first in range(0, len(table), ROW_GROUP):
        yield table.slice(first, ROW_GROUP).combine_chunks()


def _digests(file: UsageArchiveFile) -> Iterator[str]:
    with opened(file) as parquet:
        for number in range(parquet.num_row_groups):
            yield digest_of(parquet.read_row_group(number))


def _sums(table: pa.Table) -> list[int]:
    names = ("duration_s", "amount_hao", "info_fee_hao")
    return [len(table), *((pc.sum(table[name]).as_py() or 0) for name in names)]


def _told(tables: Iterable[pa.Table], total: int) -> Iterator[pa.Table]:
    done = 0
    for table in tables:
        yield table
        done += len(table)
        progress.tell("records archived", done, total)


def _name_of(file: UsageArchiveFile, key: DataKey) -> str:
    """Never given before: a file is not written over."""
    return f"{Month.of(file.archive.month)}/{file.number:05}-{key.pk.hex[:12]}.parquet"
