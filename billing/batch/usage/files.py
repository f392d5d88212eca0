"""Usage files as blocks of lines: plain, gzip or zstd, with or without a BOM, whatever is in them.

What a file is packed with is known by its first bytes, not by its name.
Raises in all of it: BadInputError with one sentence when the whole file cannot be used.
"""

import csv
import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from billing.batch.usage.lines import Block, Stream, blocks_of
from billing.rules.usage_line import CSV
from billing.rules.usage_record import FIELDS, REQUIRED_COLUMNS
from bss.kernel import progress
from bss.kernel.errors import BadInputError

GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What a file may unpack to: a month of a large operator; a bomb is stopped while it unpacks.
UNPACKED_AT_MOST = 8_000_000_000
PACKED_FACTOR = 8
"""How many times larger a packed file's content may well be: only for choosing shards."""
HEADER_AT_MOST = 4_000
LINE_BREAKS = re.compile(r"[\r\n]+")
FAULTS = (OSError, EOFError, zlib.error, pa.ArrowException)


class UsageLines:
    """The lines after the header; ``bytes_expected`` is about what they come to.

    ``raw`` is the file as it lies there: where it stands tells how far the reading is.
    """

    def __init__(
        self,
        stream: Stream,
        *,
        name: str,
        bytes_expected: int,
        format: str = CSV,
        columns: Sequence[str] = (),
        raw: BinaryIO | None = None,
    ) -> None:
        self.name = name
        self._raw = raw
        self.bytes_expected = bytes_expected
        self.format = format
        self._stream = stream
        self._ahead = b""
        self._has_header = format == CSV
        self.columns = read_header(self._header(), name=name) if self._has_header else list(columns)

    def blocks(self) -> Iterator[Block]:
        return blocks_of(self, first_no=2 if self._has_header else 1, name=self.name)

    def read(self, size: int, /) -> bytes:
        """Raises: BadInputError when the file breaks off."""
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            return ahead
        try:
            content = self._stream.read(size)
        except FAULTS as fault:
            raise BadInputError((self.name, f"breaks off: {fault}")) from fault
        if self._raw and progress.is_heard():
            progress.tell("bytes read", self._raw.tell(), os.fstat(self._raw.fileno()).st_size)
        return content

    def _header(self) -> str:
        try:
            start = self._stream.read(HEADER_AT_MOST)
        except FAULTS as fault:
            raise BadInputError((self.name, f"is not a readable packed file: {fault}")) from fault
        line, _, self._ahead = start.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
        return line.decode(errors="backslashreplace")


class Bounded:
    """A packed file's content, as far as it stays within bounds."""

    def __init__(self, unpacked: Stream) -> None:
        self._unpacked = unpacked
        self._seen = 0

    def read(self, size: int, /) -> bytes:
        part = self._unpacked.read(size)
        self._seen += len(part)
        if self._seen > UNPACKED_AT_MOST:
            raise OSError(f"it unpacks to more than {UNPACKED_AT_MOST:,} bytes")
        return part


@contextmanager
def lines_of_file(
    path: Path, *, name: str | None = None, format: str = CSV, columns: Sequence[str] = ()
) -> Iterator[UsageLines]:
    """The lines of a file; ``columns`` are those of a format whose files do not name them."""
    try:
        raw = path.open("rb")
    except OSError as fault:
        raise BadInputError((str(path), f"cannot be read: {fault.strerror}")) from fault
    with raw:
        stream, factor = _unpacked(raw)
        yield UsageLines(
            stream,
            name=name or path.name,
            bytes_expected=path.stat().st_size * factor,
            format=format,
            columns=columns,
            raw=raw,
        )


def lines_of_rows(rows: Iterable[Mapping[str, object]], *, name: str) -> UsageLines:
    """Records given as mappings, in the order of FIELDS, as lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in rows:
        values = ("" if row.get(field) is None else str(row[field]) for field in FIELDS)
        writer.writerow([LINE_BREAKS.sub(" ", value) for value in values])
    data = text.getvalue().encode(errors="backslashreplace")
    return UsageLines(io.BytesIO(data), name=name, bytes_expected=len(data))


def read_header(header: str, *, name: str) -> list[str]:
    """The column names, checked: a name that is wrong would silently make calls free."""
    if not header.strip():
        raise BadInputError((name, "is empty: the first line must name the columns"))
    columns = [column.strip() for column in next(csv.reader([header.rstrip("\r")]))]
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    unknown = [column[:40] for column in columns if column not in FIELDS]
    if missing:
        raise BadInputError(
            (name, f"is no usage file: its first line lacks the column {missing[0]}")
        )
    if unknown or len(set(columns)) != len(columns):
        odd = unknown[0] if unknown else "one of them twice"
        raise BadInputError((name, f"its first line names a column that is not known: {odd!r}"))
    return columns


def checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpacked(raw: BinaryIO) -> tuple[Stream, int]:
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(GZIP_MAGIC):
        return Bounded(gzip.GzipFile(fileobj=raw)), PACKED_FACTOR
    if magic == ZSTD_MAGIC:
        return Bounded(pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")), PACKED_FACTOR
    return raw, 1
