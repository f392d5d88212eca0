"""Accounts that a month's close set aside and nothing billed since (BIL-6)."""

from django.db.models import QuerySet

from billing.models import UnbilledAccount
from bss.kernel.periods import Month


def unbilled_of(month: Month) -> QuerySet[UnbilledAccount]:
    """By account."""
    return UnbilledAccount.objects.filter(month=month.first_day, billed_at=None)
