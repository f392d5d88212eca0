"""Which customers a member of staff reaches: the one place that decides it for pages."""

from typing import Any

from django.db.models import QuerySet

from bss.kernel.scope import in_scope
from customers.models import Customer


def visible_customers(staff: Any) -> QuerySet[Customer]:
    """All customers; an account manager's own ones alone. What was merged away is in none."""
    return Customer.objects.filter(in_scope(staff), merged_into__isnull=True)
