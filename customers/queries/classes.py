"""The classes, and who holds which now."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from customers.models import ClassMembership, CustomerClass


def classes_counted() -> QuerySet[CustomerClass]:
    """Every class with ``members``: how many customers hold it now."""
    now = Q(memberships__valid_until__isnull=True)
    return CustomerClass.objects.select_related("level").annotate(
        members=Count("memberships", filter=now)
    )


def classes_of(customer_id: int) -> list[CustomerClass]:
    """What a customer holds now, in the order of the numbers."""
    held = ClassMembership.objects.filter(customer=customer_id, valid_until__isnull=True)
    return list(
        CustomerClass.objects.filter(pk__in=held.values("customer_class"))
        .select_related("level")
        .order_by("number")
    )


def names_by_customer(customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """Customer → the names of its classes, for a page of them."""
    held = ClassMembership.objects.filter(customer__in=customer_ids, valid_until__isnull=True)
    found: dict[int, list[str]] = {}
    rows = held.order_by("customer_class__number")
    for customer_id, name in rows.values_list("customer", "customer_class__name"):
        found.setdefault(customer_id, []).append(name)
    return found
