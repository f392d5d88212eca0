"""Cases of a customer that becomes another's record."""

from datetime import datetime

from django.db import transaction

from complaints.models import Case


def count_cases(customer_id: int) -> int:
    """Cases of this customer in any state."""
    return Case.objects.filter(customer=customer_id).count()


@transaction.atomic
def move_cases(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All cases to the other customer; their keys. Locks: the cases."""
    found = Case.objects.select_for_update(of=("self",)).filter(customer=from_id)
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    Case.objects.filter(pk__in=keys).update(customer=to_id)
    return keys
