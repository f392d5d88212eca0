"""One case with everything its page shows."""

from typing import Any

from django.db.models import QuerySet

from complaints.models import Case, CaseStep
from complaints.queries.lists import OPEN, cases_for

RECENT_CASES = 5


def case_by_code(code: str, *, staff: Any) -> Case:
    """The case this person may see. Raises: Case.DoesNotExist."""
    return (
        cases_for(staff)
        .select_related("subscription", "bill_line__bill__account", "order")
        .get(code=code)
    )


def steps_of(case: Case) -> list[CaseStep]:
    """What happened to the case, in order."""
    return list(case.steps.select_related("staff", "handler").order_by("id"))


def open_cases_of(customer_id: int, *, but: int = 0) -> QuerySet[Case]:
    """The customer's other open cases, the most urgent first."""
    others = Case.objects.filter(OPEN, customer_id=customer_id).exclude(pk=but)
    return others.order_by("due_at")[:RECENT_CASES]
