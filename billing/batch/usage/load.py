"""A file's records: judged, told apart from those that came before, drawn, and kept.

Source: RAT-2, RAT-14, RAT-15.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Self

import numpy as np
from django.db.models import F

from billing.batch.usage import judge
from billing.batch.usage.carriers import Carriers
from billing.batch.usage.files import UsageLines
from billing.batch.usage.formats import format_of, id_of, ids_of
from billing.batch.usage.gathered import Gathered
from billing.batch.usage.intake import Intake, Judged, months_in
from billing.batch.usage.keeping import Keeping
from billing.batch.usage.known import filter_of, remember, repeated, taken_before
from billing.batch.usage.lines import Block, block_of_lines
from billing.batch.usage.locks import lock_usage_for_loading
from billing.batch.usage.parts import Part
from billing.batch.usage.pending import Pending, Sheaves
from billing.batch.usage.rejects import mend, put_rejects
from billing.batch.usage.spool import clear_spool, spool
from billing.batch.usage.store import SHARED_PART, drop_left_parts, month_of_index
from billing.batch.usage.words import Ints
from billing.models import UsageFile, UsageReject
from bss.kernel import progress

MANY = 5_000
"""From here on a load reads everybody's terms, and its records get tables of their own."""
SHARD_BYTES = 5_000_000
"""About sixty thousand records: what is in hand of them stays in the processor's cache."""
CARRIERS = 2
"""So many shards of a large load are drawn and written side by side."""
REJECTS_AT_ONCE = 50_000
HUGE_BYTES = 450_000_000
"""The records of larger files wait on disk, so that memory has a bound."""


@dataclass(slots=True)
class Found:
    """What was found of a load's lines: the keys of its records, and its rejects."""

    keys: Gathered = field(default_factory=Gathered)
    checks: Gathered = field(default_factory=Gathered)
    line_no: Gathered = field(default_factory=Gathered)
    lines: int = 0
    reject_no: list[int] = field(default_factory=list)
    reject_key: list[int] = field(default_factory=list)
    reject_reason: list[int] = field(default_factory=list)
    reject_line: list[str] = field(default_factory=list)

    @classmethod
    def waiting_in(cls, folder: Path | None) -> Self:
        """With the keys in files of this folder, if there is one."""
        if folder is None:
            return cls()
        keys, checks, line_no = (Gathered(folder / name) for name in ("keys", "checks", "line_no"))
        return cls(keys=keys, checks=checks, line_no=line_no)

    def note(self, judged: Judged) -> None:
        reason, shaped, block = judged.verdict.reason, judged.shaped, judged.block
        well_formed = np.flatnonzero(reason != judge.MALFORMED)
        self.lines += len(block)
        self.keys.add(shaped.key[well_formed])
        self.checks.add(shaped.check[well_formed])
        self.line_no.add(block.line_no[well_formed])
        rows = np.flatnonzero(reason != judge.ACCEPTED)
        self.reject(
            block.line_no[rows],
            shaped.key[rows],
            reason[rows].astype(np.int64),
            [block.text(r) for r in rows.tolist()],
        )

    def reject(self, line_no: Ints, key: Ints, reason: Ints, lines: Sequence[str]) -> None:
        self.reject_no += line_no.tolist()
        self.reject_key += key.tolist()
        self.reject_reason += reason.tolist()
        self.reject_line += lines

    def forget_keys(self) -> None:
        for numbers in (self.keys, self.checks, self.line_no):
            numbers.forget()

    def reject_duplicates(self, duplicates: set[int]) -> None:
        """Of those that were rejected for a later reason."""
        for place, line_no in enumerate(self.reject_no):
            if line_no in duplicates and self.reject_reason[place] != judge.MALFORMED:
                self.reject_reason[place] = judge.DUPLICATE


def load_lines(lines: UsageLines, *, file: UsageFile, at: datetime) -> None:
    """Load a file whole: every record is rated or kept as a reject, and the months drawn.

    Locks: one load at a time; rating and month close wait (``lock_usage_for_loading``).
    Raises: BadInputError when the file breaks off.
    """
    lock_usage_for_loading()
    drop_left_parts()
    clear_spool()
    blocks = lines.blocks()
    first = list(islice(blocks, 2))
    is_huge = lines.bytes_expected > HUGE_BYTES
    shards = max(1, round(lines.bytes_expected / SHARD_BYTES))
    load_blocks(
        chain(first, blocks),
        file=file,
        at=at,
        is_large=len(first) > 1 or sum(map(len, first)) >= MANY,
        shards=shards,
        carriers=CARRIERS if shards > 1 else 0,
        is_huge=is_huge,
    )


def retry_lines(lines: Sequence[tuple[int, str]], *, file: UsageFile, at: datetime) -> None:
    """Judge kept lines of a file again, under their old numbers. Locks: as ``load_lines``."""
    lock_usage_for_loading()
    load_blocks(
        [block_of_lines(lines)] if lines else [],
        file=file,
        at=at,
        is_large=len(lines) >= MANY,
        retried=dict(lines),
    )


def load_blocks(
    blocks: Iterable[Block],
    *,
    file: UsageFile,
    at: datetime,
    is_large: bool,
    shards: int = 1,
    carriers: int = 0,
    is_huge: bool = False,
    retried: Mapping[int, str] | None = None,
) -> None:
    """Take the lines in: every one becomes a rated record or a reject, and the file is counted.

    The records of a ``is_huge`` load wait on disk; ``carriers`` write side by side. ``retried`` are
    lines of the file that are judged again, by their numbers.
    """
    intake = Intake(format=format_of(file), at=at, is_large=is_large)
    with spool() if is_huge else nullcontext() as folder:
        found, sheaves = Found.waiting_in(folder), Sheaves(shards, folder)
        for judged in intake.judged(blocks):
            for month in months_in(judged.verdict):
                sheaves.add(*intake.asked(judged, month))
            found.note(judged)
        in_order = found.keys.in_order()
        duplicates = _duplicates(found, in_order, file, list(retried or ()))
        found.reject_duplicates(set(duplicates.tolist()))
        found.forget_keys()
        own = Part(file.pk, None if is_large else SHARED_PART)
        kept = Keeping(intake=intake, carriers=Carriers(carriers, own))
        try:
            _keep_each_once(sheaves, duplicates, found=found, kept=kept)
            kept.carriers.close()
            _put_rejects(found, intake, file, are_new=not retried)
            bits, content = filter_of(in_order)
            kept.finish()
        finally:
            kept.carriers.leave()
    if retried:
        still = set(found.reject_no)
        rated = {no: line for no, line in retried.items() if no not in still}
        mend(file, {no: id_of(intake.format, line) for no, line in rated.items()}, at=at)
    else:
        remember(
            file_id=file.pk,
            parts=[part.number for part in kept.parts if part.number is not None],
            months=[month_of_index(month).first_day for month in sorted(kept.months)],
            bits=bits,
            content=content,
        )
    _count(file, found, kept)


def _duplicates(found: Found, in_order: Ints, file: UsageFile, retried: Sequence[int]) -> Ints:
    """The numbers of lines whose record id another record has already."""
    keys, checks, line_no = found.keys.whole(), found.checks.whole(), found.line_no.whole()

    def ids_in(file_id: int, lines: Sequence[str]) -> list[str]:
        return ids_of(format_of(UsageFile.objects.get(pk=file_id)), lines)

    before = taken_before(
        keys, checks, in_order=in_order, ids_in=ids_in, file_id=file.pk, retried=retried
    )
    again = repeated(keys, checks, in_order=in_order)
    return np.unique(line_no[np.concatenate([before, again])])


def _keep_each_once(
    sheaves: Iterable[Pending], duplicates: Ints, *, found: Found, kept: Keeping
) -> None:
    """Keep the accepted records but those of these lines, which become rejects."""
    is_duplicate = np.zeros(2 + max(duplicates, default=0), np.bool_)
    is_duplicate[duplicates] = True
    accepted, done = found.lines - len(found.reject_no), 0
    for records in sheaves:
        done += len(records)
        line_no = records.placed.line_no
        twice = is_duplicate[np.minimum(line_no, len(is_duplicate) - 1)]
        if twice.any():
            again = records.pick(twice)
            found.reject(
                again.placed.line_no,
                again.placed.key,
                np.full(len(again), judge.DUPLICATE),
                again.lines.to_pylist(),
            )
        kept.keep(records, np.flatnonzero(~twice))
        progress.tell("records rated", done, accepted)


def _put_rejects(found: Found, intake: Intake, file: UsageFile, *, are_new: bool) -> None:
    for first in range(0, len(found.reject_no), REJECTS_AT_ONCE):
        some = slice(first, first + REJECTS_AT_ONCE)
        put_rejects(
            file,
            line_no=found.reject_no[some],
            reason=found.reject_reason[some],
            key=found.reject_key[some],
            record_id=ids_of(intake.format, found.reject_line[some]),
            lines=found.reject_line[some],
            are_new=are_new,
        )


def _count(file: UsageFile, found: Found, kept: Keeping) -> None:
    """Counted from what was kept against what came in; the table refuses a difference."""
    rejected = UsageReject.objects.filter(file=file, state=UsageReject.State.OPEN).count()
    records = found.lines if not file.records else file.records
    UsageFile.objects.filter(pk=file.pk).update(
        records=records,
        rated=F("rated") + kept.rated,
        late=F("late") + kept.late,
        rejected=rejected,
    )
    file.refresh_from_db()
