"""Large files that are written once and read often: a folder, which may be a mounted bucket.

An object is whole or not there. The interface is what an object storage gives: put, open, list,
delete; nothing is ever changed in place.
"""

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Protocol

from bss.kernel.errors import BadInputError

UNFINISHED = ".new"


class StoreFaultError(BadInputError):
    """What should be in the store is missing, altered or cannot be read: which, and what to do."""


class ObjectStore(Protocol):
    """Names are paths such as ``2026-10/00001.parquet``."""

    def put(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """Keep what ``write`` writes under that name; on the disk when this returns."""

    def open(self, name: str) -> BinaryIO:
        """The object, to be read from any place. Raises: FileNotFoundError, OSError."""

    def names(self, prefix: str) -> list[str]:
        """The objects whose names begin so, also those that were not finished."""

    def delete(self, name: str) -> None:
        """Take it away; it may be gone already."""


class Folder:
    """Objects as files under ``root``, which is made when the first is put."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{token_hex(4)}{UNFINISHED}")
        try:
            with open(fresh, "xb", opener=_for_the_owner) as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync(path.parent)

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def names(self, prefix: str) -> list[str]:
        folder = self._root / Path(prefix + "x").parent
        found = folder.rglob("*") if folder.is_dir() else ()
        names = (path.relative_to(self._root).as_posix() for path in found if path.is_file())
        return sorted(name for name in names if name.startswith(prefix))

    def delete(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """A new name is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
