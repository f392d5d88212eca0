"""The nightly grading: billing says what was billed, customers what class that comes to (S58)."""

from datetime import datetime
from functools import partial

from billing.queries.billed import billed_of_range, last_closed_months
from bss.kernel.periods import Month
from customers.batch.grading import grade_customers
from customers.rules.levels import MONTHS


def grade(*, at: datetime) -> dict[str, int]:
    """By the last three months that are closed; a young house takes those it has."""
    months = last_closed_months(MONTHS, before=Month.of(at))
    return grade_customers(
        at=at, billed=partial(billed_of_range, months=months), months=len(months)
    )
