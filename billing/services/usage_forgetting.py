"""Erased customers leave the archive of usage: their files are written anew under new keys."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from billing.batch.archive.forget import forget, with_erased
from billing.models import UsageArchiveFile
from billing.services.usage_archive import tidy
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month, business_date

KIND = "forget_usage"


def forget_erased(*, at: datetime, again: bool = True) -> BatchRun | None:
    """Write the files anew that still hold lines of erased customers; None when there are none.

    Raises: StoreFaultError.
    """
    key = f"{business_date(at):%Y-%m-%d}"
    begun = BatchRun.objects.filter(kind=KIND, key=key).first()
    files = begun.report["files"] if begun else [file.pk for file in with_erased()]
    if not files:
        return begun
    return run_steps(
        kind=KIND, key=key, at=at, steps=_steps(files), again=again, facts={"files": files}
    )


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a run that is under way, of the files that it was begun with."""
    return _steps(run.report["files"])


def _steps(files: Sequence[int]) -> Sequence[Step]:
    return (
        Step(name="forget", do=partial(_forget, files), shards=len(files)),
        Step(name="tidy", do=partial(_tidy, files)),
    )


def _forget(files: Sequence[int], *, shard: int, shards: int, at: datetime) -> Report:
    return {"archived": forget(files[shard], at=at)}


@transaction.atomic
def _tidy(files: Sequence[int], *, shard: int, shards: int, at: datetime) -> Report:
    rows = UsageArchiveFile.objects.filter(pk__in=files)
    months = sorted(set(rows.values_list("archive__month", flat=True)))
    return {"files": sum(tidy(Month.of(month)) for month in months)}
