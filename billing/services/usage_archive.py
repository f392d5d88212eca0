"""话单归档: closed months that are old enough move from the table into files, each once."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q

from billing.batch.archive.detach import detach
from billing.batch.archive.rows import Span, whole
from billing.batch.archive.write import write_span
from billing.models import UsageArchive
from billing.queries.archive_file import manifest_of, store
from billing.queries.usage_months import (
    is_archived,
    months_in_the_table,
    obstacle_to_archiving,
)
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month

KIND = "archive_usage"
RECORDS_PER_FILE = 1_000_000
RESTORED_STAYS = timedelta(days=31)
"""Whoever brought a month back has so long to use it."""

log = logging.getLogger(__name__)


def archive_due(*, at: datetime, again: bool = True) -> list[BatchRun]:
    """Archive every month that is old enough; what keeps one in the table is logged."""
    runs = []
    for month in months_due(at=at):
        if obstacle := obstacle_to_archiving(month):
            log.warning("usage stays in the table: %s", obstacle)
            continue
        runs.append(archive_month(month=month, at=at, again=again))
    return runs


def months_due(*, at: datetime) -> list[Month]:
    """Months in the table that are older than the settings say, but for those just restored."""
    oldest_kept = Month.of(at).plus(-settings.USAGE_MONTHS_IN_TABLE).first_day
    state = UsageArchive.State
    away = UsageArchive.objects.filter(
        Q(state=state.ARCHIVED) | Q(state=state.RESTORED, restored_at__gt=at - RESTORED_STAYS)
    )
    kept = set(away.values_list("month", flat=True))
    return [Month.of(day) for day in months_in_the_table() if day < oldest_kept and day not in kept]


def archive_month(*, month: Month, at: datetime, again: bool = True) -> BatchRun:
    """Write the month's files, put it away, tidy up; again, or by two, nothing happens twice.

    Raises: BadInputError with what keeps the month in the table; StoreFaultError.
    """
    begun = _latest_run(month)
    if begun and (begun.state != BatchRun.State.DONE or is_archived(month)):
        return run_steps(kind=KIND, key=begun.key, at=begun.at, steps=steps_of(begun), again=again)
    if obstacle := obstacle_to_archiving(month):
        raise BadInputError(("month", obstacle))
    spans = [[part.first, part.last] for part in whole(month, records=RECORDS_PER_FILE)]
    UsageArchive.objects.get_or_create(month=month.first_day)
    return run_steps(
        kind=KIND,
        key=_next_key(month),
        at=at,
        steps=_steps(month, spans),
        again=again,
        facts={"spans": spans},
    )


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a run that is under way, with the files that it was begun with."""
    return _steps(Month.parse(run.key.partition("/")[0]), run.report["spans"])


def tidy(month: Month) -> int:
    """Write the month's manifest; delete what no row names. Gives how many files are named.

    Locks: the month's archive.
    """
    archive = UsageArchive.objects.select_for_update().get(month=month.first_day)
    files = list(archive.files.order_by("number"))
    names = {file.name for file in files}
    content = json.dumps(_manifest(archive, files), indent=1).encode()
    store().put(manifest_of(month), lambda target: target.write(content))
    for name in store().names(f"{month}/"):
        if name not in {*names, manifest_of(month)}:
            store().delete(name)
    return len(files)


def _steps(month: Month, spans: Sequence[Sequence[int]]) -> Sequence[Step]:
    return (
        Step(name="write", do=partial(_write, month, spans), shards=len(spans)),
        Step(name="detach", do=partial(_detach, month)),
        Step(name="tidy", do=partial(_tidy, month)),
    )


def _write(
    month: Month, spans: Sequence[Sequence[int]], *, shard: int, shards: int, at: datetime
) -> Report:
    archive = UsageArchive.objects.get(month=month.first_day)
    file = write_span(archive, shard + 1, Span(month, *spans[shard]), at=at)
    file.save()
    return {"archived": file.records, "bytes": file.size_bytes, "sha256": file.sha256}


def _detach(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    if obstacle := obstacle_to_archiving(month):
        raise BadInputError(("month", obstacle))
    archive = UsageArchive.objects.select_for_update().get(month=month.first_day)
    return {"archived": detach(archive, at=at).records}


def _tidy(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    return {"files": tidy(month)}


def _latest_run(month: Month) -> BatchRun | None:
    runs = BatchRun.objects.filter(kind=KIND, key__startswith=str(month))
    return runs.exclude(state=BatchRun.State.CANCELLED).order_by("-id").first()


def _next_key(month: Month) -> str:
    before = BatchRun.objects.filter(kind=KIND, key__startswith=str(month)).count()
    return f"{month}/{before + 1}" if before else str(month)


def _manifest(archive: UsageArchive, files: Sequence[Any]) -> dict[str, object]:
    told = (
        "name", "records", "duration_s", "amount_hao", "info_fee_hao", "size_bytes", "sha256",
        "first_subscription", "last_subscription",
    )  # fmt: skip
    return {
        "month": f"{archive.month:%Y-%m}",
        "archived_at": archive.archived_at.isoformat() if archive.archived_at else None,
        "records": archive.records,
        "files": [{name: getattr(file, name) for name in told} for file in files],
    }
