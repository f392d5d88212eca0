"""A file as blocks of lines, whatever bytes are in it: numbered, without line ends, never empty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from billing.batch.usage.words import PADDING, Bytes, Ints
from bss.kernel.errors import BadInputError

BLOCK_BYTES = 8_000_000
"""Small enough to stay in a processor's cache level by level, large enough for long columns."""
LINE_END = 10


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Block:
    """Lines one after another in ``raw``: line i is the bytes from offsets[i] to offsets[i + 1]."""

    raw: Bytes
    offsets: Ints
    line_no: Ints

    def __len__(self) -> int:
        return len(self.line_no)

    def texts(self) -> pa.StringArray:
        """The lines, without a copy."""
        return pa.StringArray.from_buffers(
            len(self), pa.py_buffer(self.offsets.astype(np.int32)), pa.py_buffer(self.raw)
        )

    def text(self, row: int) -> str:
        return bytes(self.raw[self.offsets[row] : self.offsets[row + 1]]).decode()


def blocks_of(stream: Stream, *, first_no: int, name: str) -> Iterator[Block]:
    """The lines that are left in the stream; the first of them has number ``first_no``.

    Raises: BadInputError for a line that is longer than a block.
    """
    rest = b""
    while read := stream.read(BLOCK_BYTES):
        whole, line_end, rest_of_read = read.rpartition(b"\n")
        if not line_end:
            rest += read
            if len(rest) > BLOCK_BYTES:
                raise BadInputError((name, f"line {first_no:,} is longer than any record"))
            continue
        block, lines = _block(rest + whole + line_end, first_no)
        rest, first_no = rest_of_read, first_no + lines
        yield block
    if rest:
        yield _block(rest + b"\n", first_no)[0]


def block_of_lines(lines: Sequence[tuple[int, str]]) -> Block:
    """Kept lines under their old numbers."""
    encoded = [line.encode() for _, line in lines]
    ends = np.cumsum([0, *(len(line) for line in encoded)], dtype=np.int64)
    raw = np.frombuffer(b"".join(encoded) + bytes(PADDING), np.uint8)
    return Block(raw=raw, offsets=ends, line_no=np.array([no for no, _ in lines], np.int64))


def _block(data: bytes, first_no: int) -> tuple[Block, int]:
    data = _readable(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == LINE_END)
    offsets = np.concatenate(([0], ends - np.arange(len(ends))))
    kept = np.flatnonzero(np.diff(offsets))
    block = Block(
        raw=np.frombuffer(data.replace(b"\n", b"") + bytes(PADDING), np.uint8),
        offsets=np.concatenate((offsets[kept], offsets[-1:])),
        line_no=first_no + kept,
    )
    return block, len(ends)


def _readable(data: bytes) -> bytes:
    """The bytes as UTF-8 that PostgreSQL takes: what is none is written out, NUL is replaced."""
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            data = data.decode(errors="backslashreplace").encode()
    return data.replace(b"\0", "\ufffd".encode()) if b"\0" in data else data
