"""What the home page says about cases."""

from typing import Any

from django.http import HttpRequest

from bss.kernel import clock
from complaints.queries.lists import cases_for, condition_of, counts_of

CASES_SHOWN = 6


def my_cases(request: HttpRequest) -> dict[str, Any] | None:
    """My open cases, the most urgent first; nothing when there are none. Source: CARE-3."""
    at = clock.now()
    mine = cases_for(request.user).filter(condition_of("mine", staff=request.user, at=at))
    cases = list(mine.order_by("due_at", "id")[:CASES_SHOWN])
    if not cases:
        return None
    return {"cases": cases, "counts": counts_of(request.user, at=at)}
