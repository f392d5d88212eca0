"""Accounts that a month's close set aside and nothing billed since (BIL-6)."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, QuerySet

from billing.models import UnbilledAccount
from bss.kernel.periods import Month


def unbilled_of(month: Month) -> QuerySet[UnbilledAccount]:
    """By account."""
    return UnbilledAccount.objects.filter(month=month.first_day, billed_at=None)


def unbilled_by_month() -> Mapping[date, int]:
    """How many accounts each month still has set aside; months without any are left out."""
    waiting = UnbilledAccount.objects.filter(billed_at=None).values_list("month")
    return dict(waiting.annotate(count=Count("pk")).order_by())
