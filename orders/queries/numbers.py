"""What the number pool offers."""

from datetime import datetime

from django.db.models import Q, QuerySet

from orders.models import NumberResource


def free_numbers(
    *, service: str, area: str, at: datetime, ending: str = "", limit: int = 20
) -> QuerySet[NumberResource]:
    """Free numbers in number order; a hold that has run out counts as free."""
    states = NumberResource.State
    offered = NumberResource.objects.filter(service=service, area=area).filter(
        Q(state=states.FREE) | Q(state=states.HELD, held_until__lte=at)
    )
    return offered.filter(number__endswith=ending).order_by("number")[:limit]
