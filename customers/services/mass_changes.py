"""Changes to many customers at once, each under a second person's approval (金库模式)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.outbox import announce_many
from customers.models import Customer
from customers.services import lists


def lock_customers(customer_ids: Sequence[int]) -> list[Customer]:
    """These customers, locked in the order of their keys."""
    found = Customer.objects.select_for_update(of=("self",)).filter(pk__in=list(customer_ids))
    return list(found.order_by("pk"))


@transaction.atomic
def reassign(
    *,
    customer_ids: Sequence[int],
    manager_id: int | None,
    reason: str,
    at: datetime,
    by_id: int,
    approval_id: int,
) -> int:
    """Give these customers to an account manager, or back to their hall; how many changed.

    Locks: the customers.
    """
    lock_customers(customer_ids)
    wanted = Customer.objects.filter(pk__in=list(customer_ids))
    if manager_id is None:
        moved = wanted.filter(account_manager__isnull=False).update(account_manager=None)
    else:
        moved = wanted.exclude(account_manager=manager_id).update(account_manager=manager_id)
    audit.record(
        action="customer.reassign_many",
        subject=f"approval:{approval_id}",
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"customers": sorted(customer_ids), "to": manager_id, "changed": moved},
    )
    return moved


@transaction.atomic
def black_list(
    *,
    reasons: Mapping[int, str],
    reason: str,
    at: datetime,
    by_id: int,
    approval_id: int,
) -> int:
    """Put these customers on the black list, each with its reason; how many were not on it.

    Locks: the customers.
    """
    fresh = [one for one in lock_customers(list(reasons)) if one.listed != Customer.Listed.BLACK]
    for customer in fresh:
        customer.listed = Customer.Listed.BLACK
        customer.listed_reason = reasons[customer.pk]
    Customer.objects.bulk_update(fresh, ["listed", "listed_reason"], batch_size=1000)
    lists.begin(
        {one.pk: Customer.Listed.BLACK.value for one in fresh}, reasons=reasons, at=at, by_id=by_id
    )
    announce_many(
        "customer.listed",
        [{"customer_id": one.pk, "listed": Customer.Listed.BLACK.value} for one in fresh],
        at=at,
    )
    audit.record(
        action="customer.black_list_many",
        subject=f"approval:{approval_id}",
        staff_id=by_id,
        at=at,
        reason=reason,
        detail={"customers": [one.pk for one in fresh], "asked": len(reasons)},
    )
    return len(fresh)
