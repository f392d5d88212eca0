"""Usage files as lines: plain or gzip, with or without a BOM, whatever bytes are in them.

Raises in all of it: BadInputError with one sentence when the whole file cannot be used.
"""

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from billing.rules.usage_record import FIELDS, REQUIRED_COLUMNS
from bss.kernel.errors import BadInputError

GZIP_MAGIC = b"\x1f\x8b"
# What a file may unpack to: a month of a large operator; a bomb is stopped while it unpacks.
UNPACKED_AT_MOST = 8_000_000_000
HEADER_AT_MOST = 4_000
CANNOT_STAND_IN_TEXT = str.maketrans({"\x00": "\ufffd", "\x01": "\ufffd", "\x02": "\ufffd"})
"""NUL, and the two signs that COPY takes for delimiter and quote so as to read lines whole."""
LINE_BREAKS = re.compile(r"[\r\n]+")


class Lines:
    """What COPY reads: the lines after the header; a fault while reading is kept for later."""

    def __init__(self, text: io.TextIOBase, *, name: str) -> None:
        self.columns = read_header(text, name=name)
        self.fault: Exception | None = None
        self._text = text

    def read(self, size: int = 8192) -> bytes:
        try:
            return self._text.read(size).translate(CANNOT_STAND_IN_TEXT).encode()
        except (OSError, EOFError, zlib.error) as fault:
            self.fault = fault
            raise


class Unpacked(io.BufferedReader):
    """A packed file's content, as far as it stays within bounds."""

    def __init__(self, packed: gzip.GzipFile) -> None:
        super().__init__(packed)  # type: ignore[arg-type]
        self._seen = 0

    def read1(self, size: int | None = -1, /) -> bytes:
        part = super().read1(-1 if size is None else size)
        self._seen += len(part)
        if self._seen > UNPACKED_AT_MOST:
            raise OSError(f"it unpacks to more than {UNPACKED_AT_MOST:,} bytes")
        return part


@contextmanager
def lines_of_file(path: Path) -> Iterator[Lines]:
    """The lines of a CSV file; ``.gz`` is known by its first bytes, not by its name."""
    try:
        raw = path.open("rb")
    except OSError as fault:
        raise BadInputError((str(path), f"cannot be read: {fault.strerror}")) from fault
    with raw:
        is_packed = raw.peek(2)[:2] == GZIP_MAGIC
        stream = Unpacked(gzip.GzipFile(fileobj=raw)) if is_packed else raw
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="backslashreplace")
        yield Lines(text, name=path.name)


def lines_of_rows(rows: Iterable[Mapping[str, object]], *, name: str) -> Lines:
    """Records given as mappings, in the order of FIELDS, as lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in rows:
        values = ("" if row.get(field) is None else str(row[field]) for field in FIELDS)
        writer.writerow([LINE_BREAKS.sub(" ", value) for value in values])
    text.seek(0)
    return Lines(text, name=name)


def read_header(text: io.TextIOBase, *, name: str) -> list[str]:
    """The column names, checked: a name that is wrong would silently make calls free."""
    try:
        header = text.readline(HEADER_AT_MOST)
    except (OSError, EOFError, zlib.error) as fault:
        raise BadInputError((name, f"is not a readable gzip file: {fault}")) from fault
    if not header.strip():
        raise BadInputError((name, "is empty: the first line must name the columns"))
    columns = [column.strip() for column in next(csv.reader([header]))]
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


def parse_odd_line(line: str) -> list[str] | None:
    """The fields of a line whose quotes are not simple; None when it is not CSV."""
    try:
        (fields,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        return None
    return fields


def checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
