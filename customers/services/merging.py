"""Two records of one customer become one: the survivor has everything, the other leads to it.

Source: S40-8. Asked by one person and approved by another (``customers.merge_kinds``).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.outbox import announce
from bss.kernel.periods import business_date
from customers.merge_parts import MergePart, higher_parts
from customers.models import Customer, DuplicatePair
from customers.queries.legal_holds import holds_of
from customers.services.mass_changes import lock_customers
from customers.services.merge_own import OWN_PARTS

GONE = "两位客户中有一位已不存在，请重新选择。"
ITSELF = "不能把客户并入它自己。"
MERGED = "两位客户中有一位已经并入其他客户，不能再合并。"
ERASED = "两位客户中有一位的个人信息已经删除，不能合并。"
HELD = "两位客户中有一位处于法律保留，不能合并；保留解除后再申请。"
OF_TWO_KINDS = "集团客户与公众客户不能合并。"
LISTED_APART = "两位客户的名单（黑、红名单）不一致，请先由主管统一名单，再合并。"


def parts() -> Sequence[MergePart]:
    """Everything that moves, in the order in which it is locked and moved."""
    return (*OWN_PARTS, *higher_parts())


def obstacles_of(first: Customer, second: Customer, *, at: datetime) -> list[str]:
    """Everything that speaks against these two becoming one now."""
    pair = (first, second)
    today = business_date(at)
    own = [
        sentence
        for sentence, is_so in (
            (ITSELF, first.pk == second.pk),
            (MERGED, any(one.merged_into_id for one in pair)),
            (ERASED, any(one.erased_at for one in pair)),
            (HELD, any(holds_of(one.pk, on=today).exists() for one in pair)),
            (OF_TWO_KINDS, first.kind != second.kind),
            (LISTED_APART, first.listed != second.listed),
        )
        if is_so
    ]
    return own + [sentence for part in parts() for sentence in part.obstacles(first.pk, second.pk)]


@transaction.atomic
def merge_customers(
    *,
    survivor_id: int,
    merged_id: int,
    reason: str,
    at: datetime,
    by_id: int,
    approval_id: int,
) -> dict[str, int]:
    """Move everything onto the survivor; gives part → how many.

    The other stays as a code that leads to the survivor. What moved is told in the audit of both.

    Raises: BadInputError with every obstacle.
    Locks: both customers, then what each part locks.
    """
    locked = {one.pk: one for one in lock_customers([survivor_id, merged_id])}
    if locked.keys() != {survivor_id, merged_id}:
        raise BadInputError(("", GONE))
    survivor, merged = locked[survivor_id], locked[merged_id]
    if obstacles := obstacles_of(survivor, merged, at=at):
        raise BadInputError(*(("", sentence) for sentence in obstacles))
    moved = _move_all(from_id=merged_id, to_id=survivor_id, at=at)
    _complete(survivor, by=merged)
    _leave_a_sign(merged, leads_to=survivor, at=at)
    _settle_pairs(survivor, merged, at=at, by_id=by_id)
    detail = {
        "survivor": survivor.code,
        "merged": merged.code,
        "moved": moved,
        "approval": approval_id,
    }
    for customer in (survivor, merged):
        audit.record(
            action="customer.merge",
            subject=f"customer:{customer.pk}",
            customer_id=customer.pk,
            staff_id=by_id,
            at=at,
            reason=reason,
            detail=detail,
        )
    announce("customer.merged", {"from_id": merged_id, "to_id": survivor_id}, at=at)
    return {name: len(keys) for name, keys in moved.items()}


@transaction.atomic
def gather_stragglers(*, at: datetime, from_id: int, to_id: int) -> int:
    """What came onto the merged customer while the merge was under way follows; how much.

    An order that was being accepted had read the customer before. Locks: both customers.
    """
    lock_customers([from_id, to_id])
    moved = _move_all(from_id=from_id, to_id=to_id, at=at)
    count = sum(map(len, moved.values()))
    if count:
        audit.record(
            action="customer.merge_gather",
            subject=f"customer:{to_id}",
            customer_id=to_id,
            at=at,
            detail={"moved": moved, "from": from_id},
        )
    return count


def _move_all(*, from_id: int, to_id: int, at: datetime) -> dict[str, list[int]]:
    return {part.name: part.move(from_id=from_id, to_id=to_id, at=at) for part in parts()}


def _complete(survivor: Customer, *, by: Customer) -> None:
    """What the survivor lacks it takes from the other."""
    taken: dict[str, Any] = {
        name: getattr(by, name)
        for name in ("postal_address", "account_manager_id", "organisation_id")
        if getattr(by, name) and not getattr(survivor, name)
    }
    for name, value in taken.items():
        setattr(survivor, name, value)
    if taken:
        survivor.save(update_fields=[name.removesuffix("_id") for name in taken])


def _leave_a_sign(merged: Customer, *, leads_to: Customer, at: datetime) -> None:
    """Nobody finds it by its name any more; its code leads to the survivor."""
    merged.merged_into, merged.merged_at = leads_to, at
    merged.name_bigrams, merged.postal_address = [], ""
    merged.save(update_fields=["merged_into", "merged_at", "name_bigrams", "postal_address"])
    Customer.objects.filter(merged_into=merged).update(merged_into=leads_to)


def _settle_pairs(survivor: Customer, merged: Customer, *, at: datetime, by_id: int) -> None:
    """Their own pair is done; others of the merged one are found anew with the survivor."""
    of_merged = DuplicatePair.objects.filter(
        first__in=(survivor, merged), second__in=(survivor, merged)
    )
    of_merged.update(state=DuplicatePair.State.MERGED, decided_at=at, decided_by=by_id)
    waiting = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)
    waiting.filter(first=merged).delete()
    waiting.filter(second=merged).delete()
