"""An archived month comes back into the table: to be re-rated, or for good."""

from datetime import datetime

from django.db import transaction

from billing.batch.archive.bring_back import bring_back
from billing.models import UsageArchive
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import Month

NOT_ARCHIVED = "%(month)s 的话单没有归档，不需要调回。"


def restore_month(*, month: Month, at: datetime) -> int:
    """Bring the month's records back, all or none; gives how many. Its files are deleted.

    Locks: the archive, loads and ratings. Raises: BadInputError, StoreFaultError.
    """
    with transaction.atomic():
        archive = (
            UsageArchive.objects.select_for_update()
            .filter(month=month.first_day, state=UsageArchive.State.ARCHIVED)
            .first()
        )
        if archive is None:
            raise BadInputError(("month", Sentence(NOT_ARCHIVED, month=str(month))))
        records = bring_back(archive, at=at)
        archive.state, archive.restored_at = UsageArchive.State.RESTORED, at
        archive.save()
        audit.record(
            action="usage.restore", subject=f"usage:{month}", at=at, detail={"records": records}
        )
    return records
