"""预销号: numbers that are stopped for debt, are given up, or may be closed for good."""

from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Bill
from billing.rules import endings as rule
from bss.kernel.periods import business_date, day_start
from customers.models import Subscription

SOON_DAYS = 30
State = Subscription.State


def endings() -> QuerySet[Subscription]:
    """Each with ``owed_fen``: what the accounts that stopped it still owe."""
    owed = (
        Bill.objects.filter(
            account__debt_stops__subscription=OuterRef("pk"),
            account__debt_stops__lifted_at__isnull=True,
            paid_fen__lt=F("total_fen"),
        )
        .order_by()
        .values("account__debt_stops__subscription")
        .annotate(owed=Sum(F("total_fen") - F("paid_fen")))
    )
    found: QuerySet[Subscription] = Subscription.objects.filter(
        Q(state=State.SUSPENDED, stop_reason=Subscription.StopReason.DEBT)
        | Q(state=State.PRE_TERMINATED)
    )
    return found.annotate(owed_fen=Coalesce(Subquery(owed.values("owed")), 0))


def of_stage(rows: QuerySet[Subscription], stage: str, *, on: date) -> QuerySet[Subscription]:
    """The rows of one stage: soon, stopped, ended, closable; any other word: all."""
    if stage == "stopped":
        return rows.filter(state=State.SUSPENDED)
    if stage == "soon":
        since = day_start(on - timedelta(days=rule.DAYS_TO_PRE_TERMINATION - SOON_DAYS - 1))
        return rows.filter(state=State.SUSPENDED, suspended_at__lt=since)
    if stage == "ended":
        return rows.filter(state=State.PRE_TERMINATED)
    if stage == "closable":
        since = day_start(on - timedelta(days=rule.QUARANTINE_DAYS - 1))
        return rows.filter(state=State.PRE_TERMINATED, pre_terminated_at__lt=since)
    return rows


def ends_on(line: Subscription) -> date:
    """The day on which it is or was given up."""
    if line.pre_terminated_at is not None:
        return business_date(line.pre_terminated_at)
    assert line.suspended_at is not None  # a constraint of the table
    return rule.ends_on(business_date(line.suspended_at))


def closes_from(line: Subscription) -> date:
    """The day from which a pre-terminated one may be closed for good."""
    assert line.pre_terminated_at is not None  # a constraint of the table
    return rule.closes_from(business_date(line.pre_terminated_at))


def bills_of(line: Subscription) -> QuerySet[Bill]:
    """What the accounts that stopped it still owe, the oldest first."""
    unpaid = Bill.objects.filter(
        account__debt_stops__subscription=line,
        account__debt_stops__lifted_at__isnull=True,
        paid_fen__lt=F("total_fen"),
    )
    return unpaid.select_related("account").distinct().order_by("due_on", "pk")
