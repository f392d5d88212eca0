"""Customers of an account manager who moves or leaves go to a successor, all at once."""

from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.outbox import announce
from customers.models import Customer


def count_customers(manager_id: int) -> int:
    """How many customers this account manager has."""
    return Customer.objects.filter(account_manager=manager_id).count()


@transaction.atomic
def hand_over_customers(*, from_id: int, to_id: int, at: datetime, by_id: int | None) -> int:
    """Give all customers of one account manager to another; how many there were.

    Locks: the customers, in the order of primary keys.
    """
    mine = Customer.objects.select_for_update(of=("self",)).filter(account_manager=from_id)
    keys = list(mine.order_by("pk").values_list("pk", flat=True))
    Customer.objects.filter(pk__in=keys).update(account_manager=to_id)
    audit.record(
        action="customer.handed_over",
        subject=f"staff:{from_id}",
        at=at,
        staff_id=by_id,
        detail={"successor_id": to_id, "customer_ids": keys},
    )
    announce("customers.handed_over", {"from_id": from_id, "to_id": to_id}, at=at)
    return len(keys)
