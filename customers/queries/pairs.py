"""Pairs of customers that may be one, as a member of staff reaches them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from bss.kernel.scope import in_scope
from customers.models import DuplicatePair
from customers.queries.search import search_customers


def pairs_for(staff: Any) -> QuerySet[DuplicatePair]:
    """Those of which this person reaches both sides."""
    both = in_scope(staff, customer="first__") & in_scope(staff, customer="second__")
    return DuplicatePair.objects.filter(both).select_related("first", "second", "decided_by")


def chosen_pairs(staff: Any, asked: Mapping[str, Any]) -> QuerySet[DuplicatePair]:
    """Those that the filters let through; open ones, unless another state is asked for."""
    found = pairs_for(staff)
    state = asked.get("state") or DuplicatePair.State.OPEN
    if state != "all":
        found = found.filter(state=state)
    if asked.get("why") == "document":
        found = found.filter(same_document=True)
    elif asked.get("why") == "phone":
        found = found.filter(same_phone=True)
    if asked.get("q"):
        keys = [hit.customer.pk for hit in search_customers(asked["q"], limit=1000)]
        found = found.filter(Q(first__in=keys) | Q(second__in=keys))
    return found
