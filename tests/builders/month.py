"""A day of usage: a file with a reject, a file that is missing, and a batch run."""

from datetime import datetime

from billing.models import UsageFile, UsageGap, UsageReject
from billing.rules.usage_record import FIELDS
from bss.kernel.models import BatchRun, BatchStep

LINE = "w{},01099990000,mo,01088880000,2026-11-03T09:00:00,60,,,"


def a_day_of_usage(number: int, *, at: datetime) -> dict[str, str]:
    file = UsageFile.objects.create(
        name=f"W-{number}.csv",
        columns=list(FIELDS),
        switch="W-SW",
        sequence=2 * number,
        loaded_at=at,
        records=1,
        rejected=1,
    )
    reject = UsageReject.objects.create(
        file=file,
        line_no=2,
        line=LINE.format(number),
        record_id=f"w{number}",
        reason=UsageReject.Reason.UNKNOWN_NUMBER,
    )
    gap = UsageGap.objects.create(
        switch="W-SW", first=2 * number + 1, last=2 * number + 1, found_at=at
    )
    run = BatchRun.objects.create(kind="close_later", key=f"2026-09/{number}", at=at)
    BatchStep.objects.create(run=run, position=0, name="bill")
    return {"reject": str(reject.pk), "usage_gap": str(gap.pk), "batch_run": str(run.pk)}
