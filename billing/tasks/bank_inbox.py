"""The inbox of banks' files: what lies there is taken in, and moved to what became of it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from billing.services import bank_files
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError

log = logging.getLogger(__name__)

IN, DONE, REFUSED = "in", "done", "refused"
UNFINISHED = (".part", ".tmp", ".filepart")
"""How a file is called while it is still being written; rename it when it is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file: how many lines were done and were not, or why it was refused."""

    name: str
    done: int = 0
    faults: int = 0
    refused: str = ""


def take_inbox(*, at: datetime, directory: Path | None = None) -> list[Taken]:
    """Take every whole file of ``in`` in, each by itself: one that is refused stops no other.

    Again, it takes what is still there. A file that was interrupted goes on where it stood.
    """
    root = Path(directory or settings.BANK_FILES_DIR)
    return [_take(path, root, at=at) for path in _waiting(root / IN)]


def _waiting(inbox: Path) -> Iterator[Path]:
    if not inbox.is_dir():
        return
    for path in sorted(inbox.iterdir()):
        if path.is_file() and not path.name.startswith(".") and path.suffix not in UNFINISHED:
            yield path


def _take(path: Path, root: Path, *, at: datetime) -> Taken:
    try:
        file = bank_files.take_in(content=path.read_bytes(), name=path.name, at=at)
    except (BadInputError, RefusedError) as refused:
        moved = _move(path, root / REFUSED)
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{refused}\n", encoding="utf-8")
        log.warning("bank file refused: %s", path.name)
        return Taken(name=path.name, refused=str(refused))
    _move(path, root / DONE)
    return Taken(name=path.name, done=file.done_count, faults=file.faults_count)


def _move(path: Path, directory: Path) -> Path:
    """Into the directory, beside an earlier one of the same name."""
    directory.mkdir(parents=True, exist_ok=True)
    target, number = directory / path.name, 1
    while target.exists():
        number += 1
        target = directory / f"{path.stem}-{number}{path.suffix}"
    return path.rename(target)
