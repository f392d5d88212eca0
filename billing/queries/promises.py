"""Promises to pay: which accounts they keep from being stopped, and what they came to."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from billing.models import Bill, Promise

OPEN = Promise.Outcome.OPEN

HELD = """
    SELECT promise.account_id FROM billing_promise promise
    WHERE promise.outcome = 'open' AND promise.until >= %(on)s
"""
"""The same as ``held_until``, for set-based work: no stop for debt of these accounts on the day."""


def held_until(account_ids: Collection[int] | None = None, *, on: date) -> dict[int, date]:
    """Account → the last day on which a promise keeps its debt from stopping anything.

    None is every account; accounts without a promise that holds on the day are left out.
    """
    held = Promise.objects.filter(outcome=OPEN, until__gte=on)
    if account_ids is not None:
        held = held.filter(account__in=account_ids)
    return dict(held.values_list("account_id", "until"))


def promises_of(account_id: int) -> QuerySet[Promise]:
    """All of an account, the latest first."""
    return Promise.objects.filter(account=account_id).select_related("made_by")


def still_overdue(account_ids: Collection[int], *, on: date) -> set[int]:
    """The accounts of which a bill is overdue on the day."""
    overdue = Bill.objects.filter(
        account__in=account_ids, paid_fen__lt=F("total_fen"), due_on__lt=on
    )
    return set(overdue.values_list("account_id", flat=True))
