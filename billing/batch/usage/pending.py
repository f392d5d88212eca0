"""Records that wait to be drawn, in shards of whole bundles, in memory or in files of columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billing.batch.usage.ask import Asked
from billing.batch.usage.columns import Columns
from billing.batch.usage.words import Ints

PLACES = 1 << 16
"""Subscribers stand in a row, a bundle's together; their places are counted in so many parts."""
ROWS_AT_ONCE = 500_000
"""So many rows are gathered before they go to their shards' files: small pieces are dear."""
SHARDS_IN_A_FILE = 8
"""So many shards wait in one file, for the same reason."""


@dataclass(slots=True)
class Placed(Columns):
    """Whose a record is and where it came from; ``month`` as ``words.months_of_moments``."""

    line_no: Ints
    key: Ints
    month: Ints
    subscription: Ints
    area: Ints


@dataclass(slots=True)
class Pending:
    """Records with what they ask for and their lines, row by row."""

    placed: Placed
    asked: Asked
    lines: pa.StringArray

    def pick(self, rows: Any) -> "Pending":
        """The rows at these places, or those marked, in order."""
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        return Pending(
            self.placed.pick(rows), self.asked.pick(rows), self.lines.take(pa.array(rows))
        )

    def slice(self, first: int, last: int) -> "Pending":
        """The rows from the first to before the last, without a copy."""
        rows = slice(first, last)
        return Pending(
            self.placed.slice(rows), self.asked.slice(rows), self.lines.slice(first, last - first)
        )

    def __len__(self) -> int:
        return len(self.placed)

    def batch(self, place: NDArray[np.uint16]) -> pa.RecordBatch:
        """The columns, and where each row stands."""
        arrays = {name: getattr(self.placed, name) for name in Placed.names()}
        arrays["place"] = place
        arrays |= {f"asked_{name}": getattr(self.asked, name) for name in Asked.names()}
        return pa.RecordBatch.from_pydict(
            {name: pa.array(values) for name, values in arrays.items()} | {"line": self.lines}
        )

    @classmethod
    def joined(cls, parts: "list[Pending]") -> "Pending":
        if len(parts) == 1:
            return parts[0]
        return cls(
            Placed.joined([part.placed for part in parts]),
            Asked.joined([part.asked for part in parts]),
            pa.concat_arrays([part.lines for part in parts]),
        )

    @classmethod
    def of(cls, table: pa.Table) -> "Pending":
        def column(name: str) -> Any:
            return table[name].combine_chunks().to_numpy(zero_copy_only=False)

        lines = table["line"]
        return cls(
            Placed(**{name: column(name) for name in Placed.names()}),
            Asked(**{name: column(f"asked_{name}") for name in Asked.names()}),
            lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines,
        )


@dataclass(slots=True)
class Sheaves:
    """Shards of pending records; with a ``directory`` they wait in files there, several in one."""

    shards: int
    directory: Path | None = None
    _kept: dict[int, list[Pending]] = field(default_factory=dict)
    _gathered: list[tuple[Pending, NDArray[np.uint16]]] = field(default_factory=list)
    _files: dict[Path, pa.ipc.RecordBatchFileWriter] = field(default_factory=dict)

    def add(self, records: Pending, place: NDArray[np.uint16]) -> None:
        """Put records, which are in order of their places, into the shards where these lie."""
        if self.directory is None:
            for number, own in self._cut(place, range(self.shards + 1)):
                self._kept.setdefault(number, []).append(records.slice(own.start, own.stop))
            return
        self._gathered.append((records, place))
        if sum(len(some) for some, _ in self._gathered) >= ROWS_AT_ONCE:
            self._write(self.directory)

    def __iter__(self) -> Iterator[Pending]:
        """Shard by shard; each is forgotten here when it is given."""
        if self.directory is None:
            for number in range(self.shards):
                if parts := self._kept.pop(number, None):
                    yield Pending.joined(parts)
            return
        self._write(self.directory)
        for path, writer in sorted(self._files.items()):
            writer.close()
            yield from self._read(path)
            path.unlink()

    def _cut(self, place: NDArray[np.uint16], shards: Sequence[int]) -> Iterator[tuple[int, slice]]:
        """Between each two of these shards the rows that lie there, if any."""
        ends = -(-np.array(shards) * PLACES // self.shards)
        cuts = np.searchsorted(place, ends).tolist()
        for number, (first, last) in enumerate(pairwise(cuts)):
            if first < last:
                yield number, slice(first, last)

    def _write(self, directory: Path) -> None:
        """Put what was gathered into the files of its shards."""
        parts: dict[int, list[tuple[Pending, NDArray[np.uint16]]]] = {}
        firsts = [*range(0, self.shards, SHARDS_IN_A_FILE), self.shards]
        for records, place in self._gathered:
            for number, own in self._cut(place, firsts):
                one = records.slice(own.start, own.stop), place[own]
                parts.setdefault(number, []).append(one)
        self._gathered.clear()
        for number, some in parts.items():
            path = directory / f"shards-{number:06d}.arrow"
            place = np.concatenate([place for _, place in some])
            batch = Pending.joined([records for records, _ in some]).batch(place)
            if path not in self._files:
                self._files[path] = pa.ipc.new_file(str(path), batch.schema)
            self._files[path].write_batch(batch)

    def _read(self, path: Path) -> Iterator[Pending]:
        with pa.OSFile(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        place = table["place"].to_numpy()
        records, order = Pending.of(table), np.argsort(place, kind="stable")
        for _, own in self._cut(place[order], range(self.shards + 1)):
            yield records.pick(order[own])
