"""Whose data a member of staff reaches."""

from typing import Any

from django.db.models import Q

from bss.kernel import access


def in_scope(staff: Any, *, customer: str = "") -> Q:
    """The rows this person reaches: an account manager's own customers', else all.

    ``customer`` is the path from the row to its customer, such as ``account__owner__``.
    """
    if access.sees_own_customers_only(staff):
        return Q(**{f"{customer}account_manager": staff})
    return Q()
