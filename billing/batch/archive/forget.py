"""A file written anew without its erased customers; the old one's key is destroyed.

So is every copy of the old file, wherever it is. Source: S14-2, ADR 0035.
"""

from datetime import datetime

from django.db import transaction

from billing.batch.archive.bring_back import tables_of
from billing.batch.archive.rows import Totals
from billing.batch.archive.write import put
from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import store
from billing.queries.erased_lines import erased_spans, without_erased
from bss.kernel import data_keys


def with_erased() -> list[UsageArchiveFile]:
    """The files that hold lines of customers erased since they were written."""
    files = UsageArchiveFile.objects.filter(archive__state=UsageArchive.State.ARCHIVED)
    return [
        file
        for file in files.select_related("archive")
        if erased_spans(
            first=file.first_subscription, last=file.last_subscription, since=file.masked_until
        )
    ]


def forget(file_id: int, *, at: datetime) -> int:
    """Write the file anew; gives how many records it has, none when it is not there any more.

    Locks: its archive. Raises: StoreFaultError.
    """
    file = UsageArchiveFile.objects.select_related("archive").filter(pk=file_id).first()
    if file is None:
        return 0
    UsageArchive.objects.select_for_update().get(pk=file.archive_id)
    old_name, old_key = file.name, file.data_key_id
    spans = erased_spans(first=file.first_subscription, last=file.last_subscription)
    totals = Totals(file.records, file.duration_s, file.amount_hao, file.info_fee_hao, file.digest)
    fresh = UsageArchiveFile(
        pk=file.pk,
        archive=file.archive,
        number=file.number,
        first_subscription=file.first_subscription,
        last_subscription=file.last_subscription,
        masked_until=at,
        digest=file.digest,
    )
    put(fresh, (without_erased(table, spans) for table in tables_of(file)), totals)
    fresh.save(force_update=True)
    data_keys.destroy(old_key, at=at)
    transaction.on_commit(lambda: store().delete(old_name))
    return fresh.records
