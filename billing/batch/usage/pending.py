"""Records that wait to be drawn, in shards of whole bundles, in memory or in files of columns."""

from collections.abc import Iterator
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

    def batch(self) -> pa.RecordBatch:
        arrays = {name: getattr(self.placed, name) for name in Placed.names()}
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
    """Shards of pending records; with a ``directory`` they wait in files there, packed."""

    shards: int
    directory: Path | None = None
    _kept: dict[int, list[Pending]] = field(default_factory=dict)
    _writers: dict[int, pa.ipc.RecordBatchFileWriter] = field(default_factory=dict)

    def add(self, records: Pending, place: NDArray[np.uint16]) -> None:
        """Put records, which are in order of their places, into the shards where these lie."""
        if self.shards == 1:
            self._put(0, records)
            return
        ends = -(-np.arange(self.shards + 1) * PLACES // self.shards)
        cuts = np.searchsorted(place, ends)
        for number, (first, last) in enumerate(pairwise(cuts.tolist())):
            if first < last:
                self._put(number, records.slice(first, last))

    def __iter__(self) -> Iterator[Pending]:
        """Shard by shard; each is forgotten here when it is given."""
        for writer in self._writers.values():
            writer.close()
        for number in range(self.shards):
            if number in self._writers:
                path = self._path(number)
                with pa.OSFile(str(path)) as source:
                    yield Pending.of(pa.ipc.open_file(source).read_all())
                path.unlink()
            elif parts := self._kept.pop(number, None):
                yield Pending.joined(parts)

    def _put(self, number: int, records: Pending) -> None:
        if self.directory is None:
            self._kept.setdefault(number, []).append(records)
            return
        batch = records.batch()
        if number not in self._writers:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writers[number] = pa.ipc.new_file(
                str(self._path(number)), batch.schema, options=options
            )
        self._writers[number].write_batch(batch)

    def _path(self, number: int) -> Path:
        assert self.directory is not None
        return self.directory / f"shard-{number}.arrow"
