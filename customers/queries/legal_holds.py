"""Whose data must be kept for now."""

from datetime import date

from django.db.models import Q, QuerySet

from customers.models import LegalHold


def in_force(*, on: date) -> QuerySet[LegalHold]:
    """The holds that nobody lifted and whose last day is not over."""
    return LegalHold.objects.filter(Q(until__isnull=True) | Q(until__gte=on), lifted_at=None)


def holds_of(customer_id: int, *, on: date) -> QuerySet[LegalHold]:
    """A customer's holds in force, the latest first."""
    return in_force(on=on).filter(customer=customer_id).select_related("placed_by")
