"""Uploaded bank files that somebody may want to look at, and how far a worker is with one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from billing.models import BankFile, BankUpload

REFUSED_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Lines that are booked, of how many."""

    done: int
    total: int


def unsettled_and_refused(*, at: datetime) -> QuerySet[BankUpload]:
    """What waits, and what was refused these days, the latest first."""
    lately = Q(state=BankUpload.State.REFUSED, settled_at__gt=at - REFUSED_SHOWN)
    waiting = Q(state=BankUpload.State.RECEIVED)
    return (
        BankUpload.objects.filter(waiting | lately).select_related("received_by").defer("content")
    )


def progress_of(upload: BankUpload) -> Progress | None:
    """None until the file has been read and its lines are known."""
    file = BankFile.objects.filter(sha256=upload.sha256).first()
    if file is None:
        return None
    return Progress(done=file.done_count + file.faults_count, total=file.lines_count)
