"""Security cases as those who handle them see them; nobody sees a case about themselves."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from bss.kernel.grants import holders_of
from bss.kernel.models import AuditEntry, Staff
from bss.kernel.scope import in_place
from bss.oversight.models import SecurityCase

LIVING = Q(state__in=["open", "under_review"])
VIEWS = ("open", "mine", "concluded", "all")
ENTRIES_SHOWN = 200


def cases_for(viewer: Any) -> "QuerySet[SecurityCase]":
    """The cases about colleagues of this person's branch, and about places."""
    reached = in_place(viewer, organisation="staff__organisation", permission="security_case.view")
    return (
        SecurityCase.objects.filter(Q(staff__isnull=True) | reached if reached else Q())
        .exclude(staff=viewer.pk)
        .select_related("staff", "staff__organisation", "assignee")
        .annotate(entries=Count("evidence"))
    )


def condition_of(view: str, *, viewer: Any) -> Q:
    """Which cases a view of the list holds."""
    return {
        "open": LIVING,
        "mine": LIVING & Q(assignee=viewer.pk),
        "concluded": ~LIVING,
        "all": Q(),
    }[view]


def counts_of(viewer: Any) -> dict[str, int]:
    """How many cases each view holds, in one query."""
    cases = cases_for(viewer).order_by()
    return cases.aggregate(
        **{
            view: Count("pk", filter=condition_of(view, viewer=viewer), distinct=True)
            for view in VIEWS
        }
    )


def evidence_of(case: SecurityCase) -> list[AuditEntry]:
    """The audit entries that were counted, the oldest first."""
    keys = case.evidence.values_list("entry_id", flat=True)
    found = AuditEntry.objects.filter(pk__in=list(keys)).select_related("staff")
    return list(found.order_by("at", "pk")[:ENTRIES_SHOWN])


def handlers(case: SecurityCase) -> "QuerySet[Staff]":
    """Who may look into it: whoever handles cases, but for whom it is about."""
    return holders_of("security_case.handle").exclude(pk=case.staff_id)  # type: ignore[misc]
