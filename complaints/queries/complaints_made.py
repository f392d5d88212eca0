"""How many complaints customers made of late."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from complaints.models import Case


def complaints_since(customer_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """Customer → complaints accepted since then; who made none is not in it."""
    made = Case.objects.filter(
        customer__in=list(customer_ids), kind=Case.Kind.COMPLAINT, accepted_at__gte=since
    )
    return dict(made.order_by().values_list("customer_id").annotate(n=Count("pk")))
