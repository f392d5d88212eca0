"""Numbers that a load gathers block by block: in memory, or in files that are mapped into it."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from billing.batch.usage.words import Ints


@dataclass(slots=True)
class Gathered:
    """One number of each line; with a ``path`` they wait in that file."""

    path: Path | None = None
    _parts: list[Ints] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.path is not None:
            self.path.touch()

    def add(self, values: Ints) -> None:
        if self.path is None:
            self._parts.append(values)
        else:
            with self.path.open("ab") as file:
                file.write(np.ascontiguousarray(values, np.int64).data)

    def whole(self) -> Ints:
        """All of them in one; memory holds them once, or not at all."""
        if self.path is not None:
            return _mapped(self.path)
        self._parts = [np.concatenate(self._parts)] if self._parts else [np.zeros(0, np.int64)]
        return self._parts[0]

    def in_order(self) -> Ints:
        """All of them, sorted."""
        if self.path is None:
            return np.sort(self.whole())
        copy = self.path.with_suffix(".in-order")
        shutil.copyfile(self.path, copy)
        values = _mapped(copy)
        values.sort()
        return values

    def forget(self) -> None:
        self._parts.clear()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def _mapped(path: Path) -> Ints:
    if not path.stat().st_size:  # an empty file cannot be mapped
        return np.zeros(0, np.int64)
    return np.asarray(np.memmap(path, np.int64, mode="r+"))
