"""The inbox of switches' files as a batch run: any worker, on any host, takes the next file in.

A file ``NAME`` waits for its manifest ``NAME.manifest.json``, which is written after it. Files are
taken one after another, in the order of their names, so that of two records with one id the first
in file order wins, whoever loads them. Source: RAT-15, ADR 0034.
"""

import logging
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from billing.rules.usage_manifest import read_manifest
from billing.services import gap_alarms, usage
from bss.kernel.batch.steps import Report, Step, begin_run, run_steps
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import business_date

KIND = "usage_inbox"
IN, DONE, REFUSED = "in", "done", "refused"
MANIFEST = ".manifest.json"
FILES_AT_ONCE = 500
"""A run has so many files at most; the next one takes the rest."""
OPEN = (BatchRun.State.RUNNING, BatchRun.State.PAUSED)
_LOCK = 0x5A6E03

log = logging.getLogger(__name__)


class NotHereError(Exception):
    """A file of the run is not in this host's inbox: hosts that load must share the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file: its records, or why it was refused."""

    name: str
    records: int = 0
    rejected: int = 0
    refused: str = ""


def take_in(*, at: datetime, again: bool = True) -> list[BatchRun]:
    """Take in every file that has its manifest, each by itself: a refused one stops no other.

    Other workers help. A run that is there already, or broke off, is gone on with; one that is
    paused waits for who paused it, and so do files that have come since. Gaps in the switches' file
    numbers are alarms (RAT-15). Gives the runs: those that others still work at are not done.
    ``again``: a file that failed is tried at once; the schedule leaves it to its pauses.
    Raises: what a step raised.
    """
    taken = []
    while run := offer(at=at):
        taken.append(run_steps(kind=KIND, key=run.key, at=run.at, steps=steps_of(run), again=again))
        if taken[-1].state != BatchRun.State.DONE:
            break
    if not taken:
        _look_for_gaps(shard=0, shards=1, at=at)
    return taken


@transaction.atomic
def offer(*, at: datetime) -> BatchRun | None:
    """Write down what is to be taken in, for whichever worker comes first; None when nothing is.

    Locks: one at a time, so that no file is in two runs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if under_way := BatchRun.objects.filter(kind=KIND, state__in=OPEN).first():
        return under_way
    files = _waiting()[:FILES_AT_ONCE]
    if not files:
        return None
    day = business_date(at).isoformat()
    key = f"{day}/{BatchRun.objects.filter(kind=KIND, key__startswith=f'{day}/').count() + 1}"
    return begin_run(
        kind=KIND,
        key=key,
        at=at,
        steps=_steps(key, files),
        facts={"files": files},
    )


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a run that is under way, with the files that it was begun with."""
    return _steps(run.key, run.report["files"])


def files_of(run: BatchRun) -> list[Taken]:
    """What became of the run's files so far."""
    loads = run.steps.filter(name="load", state=BatchStep.State.DONE)
    return [_taken(step) for step in loads]


def _steps(key: str, files: Sequence[str]) -> Sequence[Step]:
    """Each file is moved away by a step of its own: only when it is in for certain."""
    of_files = [
        step
        for place, name in enumerate(files)
        for step in (
            Step(name="load", do=partial(_load, name)),
            Step(name="put_away", do=partial(_put_away, key, 2 * place)),
        )
    ]
    return (*of_files, Step(name="gaps", do=_look_for_gaps))


def _waiting() -> list[str]:
    """In the order of the manifests' names: those of a switch are numbered."""
    inbox = _directory(IN)
    names = sorted(path.name for path in inbox.glob(f"*{MANIFEST}")) if inbox.is_dir() else []
    files = [name.removesuffix(MANIFEST) for name in names]
    return [name for name in files if (inbox / name).is_file()]


def _load(name: str, *, shard: int, shards: int, at: datetime) -> Report:
    path = _directory(IN) / name
    if not path.is_file():
        raise _not_here(name)
    try:
        try:
            manifest = read_manifest(_manifest_of(path).read_text(encoding="utf-8"))
        except ValueError as fault:
            raise BadInputError((name, str(fault))) from fault
        report = usage.load(path=path, manifest=manifest, at=at)
    except BadInputError as refused:
        log.error("usage file refused: %s", refused)
        return {"name": name, "refused": str(refused)}
    return {"name": name, "loaded": report.records, "rejected": report.records - report.rated}


def _put_away(key: str, loaded: int, *, shard: int, shards: int, at: datetime) -> Report:
    """Move a file, with its manifest, to where it belongs now; again, what is left to move."""
    taken = _taken(BatchStep.objects.get(run__kind=KIND, run__key=key, position=loaded))
    path, directory = _directory(IN) / taken.name, _directory(REFUSED if taken.refused else DONE)
    if not path.is_file():
        if not (directory / taken.name).is_file():
            raise _not_here(taken.name)
        return {"name": taken.name}
    moved = _move(path, directory)
    if taken.refused:
        reason = moved.with_name(f"{moved.name}.reason.txt")
        reason.write_text(f"{taken.refused}\n", encoding="utf-8")
    return {"name": taken.name}


def _taken(load: BatchStep) -> Taken:
    told = load.report
    return Taken(
        name=told["name"],
        records=told.get("loaded", 0),
        rejected=told.get("rejected", 0),
        refused=told.get("refused", ""),
    )


def _look_for_gaps(*, shard: int, shards: int, at: datetime) -> Report:
    gaps = gap_alarms.look(at=at)
    if gaps:
        log.error("usage files are missing: %s", ", ".join(map(str, gaps)))
    return {"gaps": len(gaps)}


def _directory(name: str) -> Path:
    return Path(settings.USAGE_FILES_DIR) / name


def _manifest_of(path: Path) -> Path:
    return path.with_name(path.name + MANIFEST)


def _not_here(name: str) -> NotHereError:
    return NotHereError(
        f"{name} is not in {_directory(IN)} of {socket.gethostname()}:"
        " every host whose workers load usage must have the same USAGE_FILES_DIR"
    )


def _move(path: Path, directory: Path) -> Path:
    """Into the directory, beside an earlier one of the same name."""
    directory.mkdir(parents=True, exist_ok=True)
    target, number = directory / path.name, 1
    while target.exists():
        number += 1
        target = directory / f"{path.stem}-{number}{path.suffix}"
    if _manifest_of(path).exists():
        _manifest_of(path).rename(_manifest_of(target))
    return path.rename(target)
