"""Many customers at once: those that the list shows, or those of one account manager."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from bss.kernel.models import Staff
from bss.kernel.scope import in_scope
from customers.models import ClassMembership, Customer
from customers.queries.completeness import with_completeness
from customers.queries.scope import visible_customers
from customers.queries.search import search_customers
from customers.rules.completeness import WHOLE

MATCHES_AT_MOST = 1000


def filtered(staff: Any, asked: Mapping[str, Any]) -> QuerySet[Customer]:
    """The customers that this person reaches and that the filters let through."""
    found = visible_customers(staff)
    for name in ("kind", "listed", "account_manager"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    if asked.get("customer_class"):
        held = ClassMembership.objects.filter(
            customer_class=asked["customer_class"], valid_until__isnull=True
        )
        found = found.filter(pk__in=held.values("customer"))
    if asked.get("complete"):
        whole = Q(completeness__gte=WHOLE)
        found = with_completeness(found).filter(whole if asked["complete"] == "yes" else ~whole)
    if asked.get("q"):
        hits = search_customers(asked["q"], found, limit=MATCHES_AT_MOST)
        found = found.filter(pk__in=[hit.customer.pk for hit in hits])
    return found


def count_by_manager(customer_ids: Sequence[int]) -> list[tuple[Staff | None, int]]:
    """How many of these each account manager has now; None: nobody's."""
    counted = (
        Customer.objects.filter(pk__in=customer_ids)
        .order_by("account_manager__username")
        .values_list("account_manager")
        .annotate(n=Count("pk"))
    )
    counts = dict(counted)
    people = Staff.objects.in_bulk([key for key in counts if key is not None])
    return [(people[key] if key is not None else None, n) for key, n in counts.items()]


def reached_by_approver(staff: Staff, customer_ids: Collection[int]) -> set[int]:
    """Which of these customers an approver reaches. Source: S33-1."""
    reached = Customer.objects.filter(in_scope(staff, permission="approval.decide"))
    return set(reached.filter(pk__in=customer_ids).values_list("pk", flat=True))
