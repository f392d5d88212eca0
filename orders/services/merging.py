"""Orders of a customer that becomes another's record."""

from datetime import datetime

from django.db import transaction

from orders.models import Order


def count_orders(customer_id: int) -> int:
    """Orders of this customer in any state."""
    return Order.objects.filter(customer=customer_id).count()


@transaction.atomic
def move_orders(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All orders to the other customer; their keys. Locks: the orders."""
    found = Order.objects.select_for_update(of=("self",)).filter(customer=from_id)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    Order.objects.filter(pk__in=keys).update(customer=to_id)
    return keys
