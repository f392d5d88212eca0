"""Usage comes in: files from the switch, records given directly, rejects mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count

from billing.batch.usage.files import UsageLines, checksum, lines_of_file, lines_of_rows
from billing.batch.usage.load import load_lines
from billing.batch.usage.locks import lock_usage_for_loading
from billing.models import UsageFile, UsageReject
from billing.rules.usage_line import CSV
from billing.rules.usage_manifest import Manifest
from billing.services import reject_mending
from bss.kernel import audit
from bss.kernel.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of a file; ``records`` = ``rated`` + the sum of ``rejected`` (RAT-15)."""

    file_id: int
    name: str
    records: int
    rated: int
    late: int
    rejected: Mapping[str, int]


@transaction.atomic
def load(
    *,
    at: datetime,
    path: Path | str | None = None,
    rows: Iterable[Mapping[str, object]] | None = None,
    name: str | None = None,
    manifest: Manifest | None = None,
) -> LoadReport:
    """Load a usage file (CSV with a header, also packed), or ``rows`` in their order; rate it all.

    One bad line never stops the others: it is kept as a reject with its reason. A file is loaded
    once: its checksum is kept; with a ``manifest`` it must also be what that says.
    Source: RAT-14, RAT-15. Locks: one load at a time; month close waits.
    Raises: BadInputError when the whole file cannot be used; then nothing is loaded.
    """
    if (path is None) == (rows is None):
        raise BadInputError(("usage", "give either a file or rows"))
    if path is not None:
        return _load_file(Path(path), name=name, at=at, manifest=manifest)
    return _load(lines_of_rows(rows or (), name=name or "rows"), sha256="", at=at)


@transaction.atomic
def retry_rejects(*, reason: str, at: datetime, file_id: int | None = None) -> int:
    """Judge open rejects again after their cause was mended; gives how many are now rated.

    Each keeps its file and line number; one whose id another record has taken stays a duplicate.
    Source: RAT-15. Locks: as ``load``.
    """
    rejects = UsageReject.objects.filter(reason=reason)
    if file_id is not None:
        rejects = rejects.filter(file_id=file_id)
    return reject_mending.retry(rejects=rejects, at=at).rated


def _load_file(
    path: Path, *, name: str | None, at: datetime, manifest: Manifest | None
) -> LoadReport:
    format, columns = (manifest.format, manifest.columns) if manifest else (CSV, ())
    with lines_of_file(path, name=name, format=format, columns=columns) as lines:
        sha256 = checksum(path)
        _refuse_if_seen(lines.name, sha256=sha256, manifest=manifest)
        return _load(lines, sha256=sha256, at=at, manifest=manifest)


def _refuse_if_seen(name: str, *, sha256: str, manifest: Manifest | None) -> None:
    """Raises: BadInputError. Locks: one load at a time."""
    lock_usage_for_loading()
    if before := UsageFile.objects.filter(sha256=sha256).first():
        raise BadInputError((name, f"has been loaded already, as {before.name} (#{before.pk})"))
    if manifest is None:
        return
    if manifest.sha256 != sha256:
        raise BadInputError((name, "is not what its manifest says: the checksum differs"))
    numbered = UsageFile.objects.filter(switch=manifest.switch, sequence=manifest.sequence)
    if other := numbered.first():
        number = f"{manifest.switch} {manifest.sequence}"
        raise BadInputError((name, f"has the number of {other.name}: {number}"))


def _load(
    lines: UsageLines, *, sha256: str, at: datetime, manifest: Manifest | None = None
) -> LoadReport:
    file = UsageFile.objects.create(
        name=lines.name[:200],
        sha256=sha256,
        format=lines.format,
        columns=lines.columns,
        switch=manifest.switch if manifest else "",
        sequence=manifest.sequence if manifest else None,
        loaded_at=at,
    )
    with audit.as_one(action="usage.load", subject=f"usagefile:{file.pk}", at=at) as told:
        load_lines(lines, file=file, at=at)
        if manifest and manifest.records != file.records:
            says = f"{manifest.records:,} records, it has {file.records:,}"
            raise BadInputError((lines.name, f"is not what its manifest says: {says}"))
        reasons = UsageReject.objects.filter(file=file).values("reason").order_by("reason")
        rejected = dict(reasons.annotate(records=Count("pk")).values_list("reason", "records"))
        told.update(
            name=file.name,
            sha256=sha256,
            records=file.records,
            rated=file.rated,
            late=file.late,
            rejected=rejected,
        )
    return LoadReport(
        file_id=file.pk,
        name=lines.name,
        records=file.records,
        rated=file.rated,
        late=file.late,
        rejected=rejected,
    )
