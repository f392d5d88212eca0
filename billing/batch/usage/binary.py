"""Rows in PostgreSQL's own binary form, written column by column, and their way to a table."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
EPOCH_2000_US = 946_684_800_000_000
EPOCH_2000_DAYS = 10_957
CHUNK_ROWS = 4_000
"""Few enough to stay in a processor's cache: eight times as fast as a quarter of a million."""
READ_BYTES = 1 << 20
INT4, DATE = 23, 1082
"""Types of the database, by number."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of whole numbers; ``bytes`` is the width of its type in the database."""

    name: str
    values: "NDArray[np.generic] | int"
    bytes: int = 8


def copy_rows(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[Column],
    *,
    text: pa.StringArray | None = None,
    freeze: bool = False,
) -> None:
    """COPY columns of one length into the table; ``text`` is the last of its columns.

    ``freeze`` writes the rows as if they were old, so that nobody who reads them first, and no
    vacuum, writes them again; only into a table that this transaction has made.
    Locks: none but those of an insert.
    """
    names = [column.name for column in columns] + ([] if text is None else ["line"])
    sql = f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT binary, FREEZE {freeze})"
    cursor.copy_expert(sql, Pipe(binary_rows(columns, text=text)), size=READ_BYTES)


def copy_row(cursor: CursorWrapper, table: str, fields: Mapping[str, bytes]) -> None:
    """COPY one row into the table, each field in the binary form of its type.

    Locks: as ``copy_rows``.
    """
    row = [struct.pack(">h", len(fields))]
    for field in fields.values():
        row += [struct.pack(">i", len(field)), field]
    sql = f"COPY {table} ({', '.join(fields)}) FROM STDIN (FORMAT binary)"
    cursor.copy_expert(sql, Pipe(map(memoryview, [HEADER, *row, TRAILER])), size=READ_BYTES)


def array_of(kind: int, values: Sequence[bytes]) -> bytes:
    """Values of a type in the binary form of an array of it; ``kind`` is the type's number."""
    head = struct.pack(">iii", min(len(values), 1), 0, kind)
    if values:
        head += struct.pack(">ii", len(values), 1)
    return head + b"".join(struct.pack(">i", len(value)) + value for value in values)


def binary_rows(
    columns: Sequence[Column], *, text: pa.StringArray | None = None
) -> Iterator[memoryview]:
    """The stream of a binary COPY."""
    yield memoryview(HEADER)
    count = next(len(c.values) for c in columns if isinstance(c.values, np.ndarray))
    form = _form(columns, rows=min(count, CHUNK_ROWS), has_text=text is not None)
    for first in range(0, count, CHUNK_ROWS):
        rows = form[: min(CHUNK_ROWS, count - first)]
        _fill(rows, columns, first)
        if text is None:
            yield memoryview(rows.tobytes())
        else:
            part = text.slice(first, len(rows))
            rows["text_bytes"] = pc.binary_length(part).to_numpy()
            yield memoryview(_joined(rows, part))
    yield memoryview(TRAILER)


def days_of(day: date) -> int:
    """A date as the binary form has it."""
    return (day - date(1970, 1, 1)).days - EPOCH_2000_DAYS


class Pipe:
    """What psycopg reads: buffers one after another."""

    def __init__(self, buffers: Iterable[memoryview]) -> None:
        self._buffers = iter(buffers)
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not len(self._rest):
            following = next(self._buffers, None)
            if following is None:
                return b""
            self._rest = following
        size = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:size], self._rest[size:]
        return bytes(part)


def _form(columns: Sequence[Column], *, rows: int, has_text: bool) -> NDArray[np.void]:
    """Rows with all that is the same in every one of them, to be filled in again and again."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for column in columns:
        layout += [(f"{column.name}_bytes", ">i4"), (column.name, f">i{column.bytes}")]
    if has_text:
        layout.append(("text_bytes", ">i4"))
    form = np.empty(rows, np.dtype(layout))
    form["fields"] = len(columns) + has_text
    for column in columns:
        form[f"{column.name}_bytes"] = column.bytes
        if not isinstance(column.values, np.ndarray):
            form[column.name] = column.values
    return form


def _fill(rows: NDArray[np.void], columns: Sequence[Column], first: int) -> None:
    """The values of the columns from the first of these rows on."""
    for column in columns:
        if isinstance(column.values, np.ndarray):
            rows[column.name] = column.values[first : first + len(rows)]


def _joined(rows: NDArray[np.void], text: pa.StringArray) -> pa.Buffer:
    """Each fixed part followed by its text."""
    width = rows.dtype.itemsize
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * width
    fixed = pa.BinaryArray.from_buffers(
        pa.binary(), len(rows), [None, pa.py_buffer(offsets), pa.py_buffer(rows)]
    )
    joined = pc.binary_join_element_wise(fixed, text.cast(pa.binary()), pa.scalar(b"", pa.binary()))
    _, ends, data = joined.buffers()
    end = np.frombuffer(ends, np.int32)[joined.offset + len(joined)]
    return data.slice(0, int(end))
