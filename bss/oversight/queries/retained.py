"""What has been kept long enough, per kind of data."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from billing.models import UsageReject
from bss.kernel.models import ApiCall, OutboxEvent, ScheduledRun
from bss.kernel.periods import business_date
from customers.models import Customer, Subscription
from customers.queries.legal_holds import in_force

Rows = QuerySet[Any]


def customers(before: datetime, at: datetime) -> Rows:
    """Everything of theirs ended before that moment, and no hold is in force."""
    living = Subscription.objects.filter(owner=OuterRef("pk")).exclude(
        state=Subscription.State.TERMINATED
    )
    held = in_force(on=business_date(at)).filter(customer=OuterRef("pk"))
    ended = Customer.objects.annotate(last_ended_at=Max("subscriptions__ended_at"))
    return ended.filter(
        ~Exists(living),
        ~Exists(held),
        Q(last_ended_at__lt=before) | Q(last_ended_at=None, registered_at__lt=before),
        erased_at=None,
    )


def rejects(before: datetime, at: datetime) -> Rows:
    mended = UsageReject.objects.exclude(state=UsageReject.State.OPEN)
    return mended.filter(file__loaded_at__lt=before)


def outbox(before: datetime, at: datetime) -> Rows:
    return OutboxEvent.objects.filter(handled_at__lt=before)


def api_calls(before: datetime, at: datetime) -> Rows:
    return ApiCall.objects.filter(at__lt=before)


def scheduled_runs(before: datetime, at: datetime) -> Rows:
    """All but the latest occurrence of each job: the schedule goes on from it."""
    later = ScheduledRun.objects.filter(name=OuterRef("name"), due_at__gt=OuterRef("due_at"))
    return ScheduledRun.objects.filter(Exists(later), done_at__lt=before)


def sessions(before: datetime, at: datetime) -> Rows:
    return Session.objects.filter(expire_date__lt=before)


DUE: Mapping[str, Callable[[datetime, datetime], Rows]] = {
    "customers": customers,
    "rejects": rejects,
    "outbox": outbox,
    "api_calls": api_calls,
    "scheduled_runs": scheduled_runs,
    "sessions": sessions,
}
