"""Cases as the list page shows them: whose, how urgent, how many of each."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from bss.kernel.scope import in_scope
from complaints.models import Case

OPEN = ~Q(state=Case.State.CLOSED)
VIEWS = ("mine", "open", "at_risk", "overdue", "closed", "all")


def cases_for(staff: Any) -> QuerySet[Case]:
    """The cases this person reaches, with what a row of the list shows."""
    return Case.objects.filter(in_scope(staff, customer="customer__")).select_related(
        "customer", "owner", "handler"
    )


def condition_of(view: str, *, staff: Any, at: datetime) -> Q:
    """Which cases a view of the list holds. Source: CARE-3."""
    mine = OPEN & (Q(owner=staff) | Q(handler=staff))
    conditions = {
        "mine": mine,
        "open": OPEN,
        "at_risk": OPEN & Q(warns_at__lte=at, due_at__gte=at),
        "overdue": OPEN & Q(due_at__lt=at),
        "closed": Q(state=Case.State.CLOSED),
        "all": Q(),
    }
    return conditions[view]


def counts_of(staff: Any, *, at: datetime) -> dict[str, int]:
    """How many cases each view holds, in one query."""
    cases = Case.objects.filter(in_scope(staff, customer="customer__"))
    return cases.aggregate(
        **{
            view: Count("id", filter=condition_of(view, staff=staff, at=at))
            for view in VIEWS
            if view != "all"
        },
        all=Count("id"),
    )


def containing(text: str) -> Q:
    """Cases whose number, subject, contact phone or customer contain this."""
    return (
        Q(code__icontains=text)
        | Q(subject__icontains=text)
        | Q(contact_phone=text)
        | Q(customer__code=text)
        | Q(customer__name__icontains=text)
    )
