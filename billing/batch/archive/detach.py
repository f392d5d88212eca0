"""The month leaves the table: what its files hold is proved once more, then its partition goes."""

from datetime import datetime

from django.db import connection

from billing.batch.archive.rows import Span, Totals, totals_of
from billing.batch.archive.write import check, write_span
from billing.batch.usage.locks import lock_usage_for_loading
from billing.batch.usage.store import month_table
from billing.models import UsageArchive, UsageArchiveFile
from bss.kernel import progress
from bss.kernel.periods import Month

PATIENCE = "60s"
"""So long it waits for those who read; then it is tried again later."""


def detach(archive: UsageArchive, *, at: datetime) -> UsageArchive:
    """Drop the month's partition; from now on its records are those of the files.

    Files whose records were changed since (a re-rating) are written anew; the others must be there
    as they were written, also as seen from this host.
    Locks: loads and ratings wait, then all who read records, for a moment.
    Raises: StoreFaultError.
    """
    month = Month.of(archive.month)
    lock_usage_for_loading()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"LOCK TABLE {month_table(month)} IN EXCLUSIVE MODE")
        files = list(archive.files.order_by("number"))
        for done, file in enumerate(files):
            _prove(file, month, at=at)
            progress.tell("files proved", done + 1, len(files))
        archive.records = sum(archive.files.values_list("records", flat=True))
        cursor.execute(f"DROP TABLE {month_table(month)}")
        cursor.execute("DELETE FROM billing_record_terms WHERE month = %s", [month.first_day])
    archive.state, archive.archived_at = UsageArchive.State.ARCHIVED, at
    archive.save()
    return archive


def _prove(file: UsageArchiveFile, month: Month, *, at: datetime) -> None:
    span = Span(month, file.first_subscription, file.last_subscription)
    held = Totals(file.records, file.duration_s, file.amount_hao, file.info_fee_hao, file.digest)
    if totals_of(span) != held:
        fresh = write_span(file.archive, file.number, span, at=at)
        fresh.pk = file.pk
        fresh.save(force_update=True)
        return
    check(file)
