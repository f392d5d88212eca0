"""明细帐: the entries of one subject of the chart of accounts."""

from django.db.models import QuerySet

from billing.models import Entry, Ledger
from billing.rules.chart import Subject
from bss.kernel.periods import Month


def entries_of(subject: Subject, *, month: Month) -> QuerySet[Entry]:
    """What was posted on it in the month, by the business time of the journals."""
    entries = Entry.objects.filter(
        journal__at__gte=month.starts_at, journal__at__lt=month.ends_at
    ).select_related("journal", "ledger__account")
    if subject.ledger:
        return entries.filter(ledger__kind=Ledger.Kind.HOUSE, ledger__name=subject.ledger)
    return entries.filter(ledger__kind=subject.kind, money=subject.money)
