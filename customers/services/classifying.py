"""Giving classes to customers and taking them back; every row is dated (S84-1)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from customers.models import ClassMembership, Customer, CustomerClass
from customers.queries.locked import lock_customer
from customers.services.mass_changes import lock_customers

NO_REASON = "请写明依据。"
NOT_IN_USE = "这个类别已停用，不能再用来分类；请另选一类，或先启用它。"
HELD_ALREADY = "客户已经有这个类别。"
NOT_HELD = "客户现在没有这个类别；请刷新页面查看。"


@transaction.atomic
def give_class(
    *, customer_id: int, class_id: int, reason: str, at: datetime, by_id: int
) -> ClassMembership:
    """One more class for the customer. Raises: BadInputError. Locks: the customer."""
    lock_customer(customer_id)
    _check(class_id, reason=reason)
    if _held(class_id).filter(customer=customer_id).exists():
        raise BadInputError(("customer_class", HELD_ALREADY))
    given: ClassMembership = ClassMembership.objects.create(
        customer_id=customer_id,
        customer_class_id=class_id,
        valid_from=at,
        reason=reason.strip()[:200],
        given_by_id=by_id,
    )
    _record("customer.classify", customer_id, class_id, reason=reason, at=at, by_id=by_id)
    return given


@transaction.atomic
def take_class(*, customer_id: int, class_id: int, reason: str, at: datetime, by_id: int) -> None:
    """The customer no longer has it; that it had stays. Raises: BadInputError."""
    lock_customer(customer_id)
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    if not _held(class_id).filter(customer=customer_id).update(valid_until=at):
        raise BadInputError(("customer_class", NOT_HELD))
    _record("customer.declassify", customer_id, class_id, reason=reason, at=at, by_id=by_id)


@transaction.atomic
def give_class_to_many(
    *,
    customer_ids: Sequence[int],
    class_id: int,
    reason: str,
    at: datetime,
    by_id: int,
    approval_id: int,
) -> int:
    """The class for all of these in one statement; how many did not have it.

    Raises: BadInputError. Locks: the customers.
    """
    lock_customers(customer_ids)
    _check(class_id, reason=reason)
    with audit.as_one(
        action="customer.classify_many", subject=f"approval:{approval_id}", at=at, staff_id=by_id
    ) as told:
        without = Customer.objects.filter(pk__in=list(customer_ids), merged_into__isnull=True)
        keys = list(
            without.exclude(pk__in=_held(class_id).values("customer"))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        ClassMembership.objects.bulk_create(
            [
                ClassMembership(
                    customer_id=key,
                    customer_class_id=class_id,
                    valid_from=at,
                    reason=reason.strip()[:200],
                    given_by_id=by_id,
                )
                for key in keys
            ],
            batch_size=1000,
        )
        told |= {"customers": keys, "class": class_id, "asked": len(customer_ids)}
    return len(keys)


def _check(class_id: int, *, reason: str) -> None:
    one = CustomerClass.objects.filter(pk=class_id).first()
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    if one is None or not one.active:
        raise BadInputError(("customer_class", NOT_IN_USE))


def _held(class_id: int) -> QuerySet[ClassMembership]:
    return ClassMembership.objects.filter(customer_class=class_id, valid_until__isnull=True)


def _record(
    action: str, customer_id: int, class_id: int, *, reason: str, at: datetime, by_id: int
) -> None:
    audit.record(
        action=action,
        subject=f"customer:{customer_id}",
        customer_id=customer_id,
        staff_id=by_id,
        at=at,
        reason=reason.strip(),
        detail={"class": class_id},
    )
