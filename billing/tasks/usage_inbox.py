"""The inbox of switches' files: each is taken in once its manifest is there, and moved away.

A file ``NAME`` waits for its manifest ``NAME.manifest.json``, which is written after it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from billing.rules.usage_manifest import read_manifest
from billing.services import gap_alarms, usage
from bss.kernel.errors import BadInputError

log = logging.getLogger(__name__)

IN, DONE, REFUSED = "in", "done", "refused"
MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file: its records, or why it was refused."""

    name: str
    records: int = 0
    rejected: int = 0
    refused: str = ""


def take_usage_inbox(*, at: datetime, directory: Path | None = None) -> list[Taken]:
    """Take in every file that has its manifest, each by itself: a refused one stops no other.

    Again, it takes what is still there. Gaps in the switches' file numbers are alarms (RAT-15).
    """
    root = Path(directory or settings.USAGE_FILES_DIR)
    taken = [_take(path, root, at=at) for path in _waiting(root / IN)]
    if gaps := gap_alarms.look(at=at):
        log.error("usage files are missing: %s", ", ".join(map(str, gaps)))
    return taken


def _waiting(inbox: Path) -> Iterator[Path]:
    """In the order of the manifests' names: those of a switch are numbered."""
    if not inbox.is_dir():
        return
    for manifest in sorted(inbox.glob(f"*{MANIFEST}")):
        path = manifest.with_name(manifest.name.removesuffix(MANIFEST))
        if path.is_file():
            yield path


def _take(path: Path, root: Path, *, at: datetime) -> Taken:
    try:
        try:
            manifest = read_manifest(_manifest_of(path).read_text(encoding="utf-8"))
        except ValueError as fault:
            raise BadInputError((path.name, str(fault))) from fault
        report = usage.load(path=path, manifest=manifest, at=at)
    except BadInputError as refused:
        moved = _move(path, root / REFUSED)
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{refused}\n", encoding="utf-8")
        log.error("usage file refused: %s", refused)
        return Taken(name=path.name, refused=str(refused))
    _move(path, root / DONE)
    return Taken(name=path.name, records=report.records, rejected=report.records - report.rated)


def _manifest_of(path: Path) -> Path:
    return path.with_name(path.name + MANIFEST)


def _move(path: Path, directory: Path) -> Path:
    """Into the directory with its manifest, beside an earlier one of the same name."""
    directory.mkdir(parents=True, exist_ok=True)
    target, number = directory / path.name, 1
    while target.exists():
        number += 1
        target = directory / f"{path.stem}-{number}{path.suffix}"
    _manifest_of(path).rename(_manifest_of(target))
    return path.rename(target)
