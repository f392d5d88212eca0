"""Rejects are mended: judged again once their cause is gone, or with a field put right (RAT-15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.batch.usage.load import retry_lines
from billing.models import RejectCorrection, UsageFile, UsageReject
from billing.queries.rejects import line_to_judge
from billing.rules.usage_correction import NotCorrectableError, corrected_line, faults_of
from billing.rules.usage_line import line_fields, masked_text
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence

NOT_OPEN = "这条错单已经重批，不能再更正。"
A_DUPLICATE = "同号话单已经有了，更正不了；确属另一次通话的，请交换侧换号重发。"
NOTHING = "请至少更正一个字段。"
NO_REASON = "请写明更正的理由和依据。"
ITS_NAME = "话单号是这条话单的身份，不能更正。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How many rejects were judged again, and how many of them are rated now."""

    tried: int
    rated: int


def retry(*, rejects: QuerySet[UsageReject], at: datetime, by_id: int | None = None) -> Mended:
    """Judge these again, as far as they are open, each as it was last put right.

    Each keeps its file and line number. File by file, each in a transaction.
    Source: RAT-15. Locks: one load at a time; month close waits.
    """
    waiting = rejects.filter(state=UsageReject.State.OPEN)
    tried = rated = 0
    for file_id in sorted(set(waiting.order_by().values_list("file_id", flat=True))):
        done = _retry_file(file_id, waiting, at=at, by_id=by_id)
        tried, rated = tried + done.tried, rated + done.rated
    return Mended(tried=tried, rated=rated)


@transaction.atomic
def correct(
    *, reject_id: int, values: Mapping[str, str], reason: str, by_id: int | None, at: datetime
) -> Mended:
    """Put fields of a rejected line right and judge it again; the original stays as it came.

    Source: RAT-15. Locks: the reject; then as ``retry``. Raises: BadInputError.
    """
    reject = UsageReject.objects.select_for_update(of=("self",)).get(pk=reject_id)
    _check(reject, values, reason)
    file = reject.file
    try:
        line = corrected_line(
            line_to_judge(reject), values, format=file.format, columns=file.columns
        )
    except NotCorrectableError as fault:
        raise BadInputError(("fields", Sentence(fault.words, **fault.facts))) from fault
    fields = line_fields(line, format=file.format, columns=file.columns) or {}
    if faults := faults_of(fields, at=at):
        raise BadInputError(*faults.items())
    RejectCorrection.objects.create(
        reject=reject,
        fields=sorted(values),
        line=masked_text(line),
        sealed=line,
        reason=reason,
        by_id=by_id,
        at=at,
    )
    audit.record(
        action="usage.correct",
        subject=f"usagereject:{reject.pk}",
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"file": file.pk, "line": reject.line_no, "fields": sorted(values)},
    )
    return retry(rejects=UsageReject.objects.filter(pk=reject.pk), at=at, by_id=by_id)


def _check(reject: UsageReject, values: Mapping[str, str], reason: str) -> None:
    if reject.state != UsageReject.State.OPEN:
        raise BadInputError(("", NOT_OPEN))
    if reject.reason == UsageReject.Reason.DUPLICATE:
        raise BadInputError(("", A_DUPLICATE))
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    if not values:
        raise BadInputError(("fields", NOTHING))
    if "record_id" in values and reject.reason != UsageReject.Reason.MALFORMED:
        raise BadInputError(("record_id", ITS_NAME))


@transaction.atomic
def _retry_file(
    file_id: int, waiting: QuerySet[UsageReject], *, at: datetime, by_id: int | None
) -> Mended:
    file = UsageFile.objects.get(pk=file_id)
    subject = f"usagefile:{file_id}"
    with audit.as_one(action="usage.retry", subject=subject, at=at, staff_id=by_id) as told:
        before = file.rated
        mine = waiting.filter(file=file).order_by("line_no").prefetch_related("corrections")
        lines = [(one.line_no, line_to_judge(one)) for one in mine]
        retry_lines(lines, file=file, at=at)
        done = Mended(tried=len(lines), rated=file.rated - before)
        told.update(tried=done.tried, rated=done.rated)
    return done
