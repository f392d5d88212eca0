"""Which months of usage may leave the table, and what keeps the others there."""

from datetime import date

from django.db import connection

from billing.models import ClosedMonth, Rerating, UnbilledAccount, UsageArchive
from bss.kernel.errors import Sentence
from bss.kernel.periods import Month

NOT_CLOSED = "%(month)s 或次月还没有出帐，话单还要用，不能归档。"
UNBILLED = "%(month)s 或次月还有搁置未出的帐单，请补出后再归档话单。"
RERATING = "%(month)s 的资费重批正在办理，请等办完再归档话单。"
NO_RECORDS = "%(month)s 在库中没有话单，不需要归档。"


def obstacle_to_archiving(month: Month) -> Sentence | None:
    """Why the month's records must stay in the table now; None when they need not.

    Late records of a month stand on the next one's bills, so both must be billed.
    """
    days = (month.first_day, month.next.first_day)
    closed = ClosedMonth.objects.filter(month__in=days).count()
    unbilled = UnbilledAccount.objects.filter(month__in=days, billed_at=None)
    rerated = Rerating.objects.filter(
        state=Rerating.State.APPROVED, first_month__lte=days[0], last_month__gte=days[0]
    )
    for words, is_so in (
        (NO_RECORDS, days[0] not in months_in_the_table()),
        (NOT_CLOSED, closed < len(days)),
        (UNBILLED, unbilled.exists()),
        (RERATING, rerated.exists()),
    ):
        if is_so:
            return Sentence(words, month=str(month))
    return None


def is_archived(month: Month) -> bool:
    """Whether its records are in files."""
    archives = UsageArchive.objects.filter(month=month.first_day)
    return archives.filter(state=UsageArchive.State.ARCHIVED).exists()


def months_in_the_table() -> list[date]:
    """The first days of the months that have a partition, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM')"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'billing_record'::regclass ORDER BY 1"
        )
        return [day for (day,) in cursor.fetchall()]
