"""What this app moves when two customers become one; sealed values go under the survivor's key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from customers.batch.points import write
from customers.merge_parts import MergePart
from customers.models import (
    ClassMembership,
    Contact,
    Customer,
    Document,
    DocumentCopy,
    Listing,
    PointsEntry,
    Subscription,
)
from customers.services import lists
from customers.services.points import balance_of
from customers.services.subscriptions import change_owner


def move_documents(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All documents with their copies; the survivor's main document stays the main one."""
    moved = _move_shown(Document, ["number", "address"], from_id=from_id, to_id=to_id)
    copies = DocumentCopy.objects.filter(document__in=moved).select_related("document__customer")
    for copy in copies.order_by("pk"):
        copy.save(update_fields=["content"])  # sealed anew, under the survivor's key
    return moved


def move_contacts(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """All contacts; the survivor's main contact stays the main one."""
    return _move_shown(Contact, [], from_id=from_id, to_id=to_id)


def move_subscriptions(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """Every line with its address; its history says from when it is the survivor's."""
    keys = list(_subscriptions(from_id).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        change_owner(subscription_id=key, owner_id=to_id, at=at)
    return keys


def move_memberships(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """Classes that the other does not hold begin with it now; all of this one's end."""
    held = ClassMembership.objects.filter(customer=from_id, valid_until__isnull=True)
    theirs = ClassMembership.objects.filter(customer=to_id, valid_until__isnull=True)
    has = set(theirs.values_list("customer_class", flat=True))
    rows = list(held.order_by("pk"))
    held.update(valid_until=at)
    ClassMembership.objects.bulk_create(
        ClassMembership(
            customer_id=to_id,
            customer_class_id=row.customer_class_id,
            valid_from=at,
            reason=row.reason,
            given_by_id=row.given_by_id,
        )
        for row in rows
        if row.customer_class_id not in has
    )
    return [row.pk for row in rows]


def move_points(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """The balance goes over as it is, and lasts as long as the youngest of it did."""
    balance = balance_of(from_id)
    if not balance:
        return []
    earned = PointsEntry.objects.filter(customer=from_id, expires_on__isnull=False)
    until = earned.order_by("-expires_on").values_list("expires_on", flat=True).first()
    rows = [(from_id, -balance, {}), (to_id, balance, {"expires_on": until})]
    write(rows, kind=PointsEntry.Kind.MERGED, at=at)
    return [PointsEntry.objects.filter(customer=to_id).latest("number").pk]


def end_listing(*, from_id: int, to_id: int, at: datetime) -> list[int]:
    """The survivor is on the same list by a record of its own; this one's ends and stays here."""
    open_ones = Listing.objects.filter(customer=from_id, valid_until__isnull=True)
    keys = list(open_ones.values_list("pk", flat=True))
    lists.end([from_id], reason="", at=at, by_id=None)
    return keys


def _move_shown(model: Any, sealed: list[str], *, from_id: int, to_id: int) -> list[int]:
    survivor = Customer.objects.get(pk=to_id)
    has_main = model.objects.filter(customer=survivor, main=True).exists()
    rows = list(model.objects.filter(customer=from_id).order_by("pk"))
    for row in rows:
        row.customer = survivor
        row.main = row.main and not has_main
        row.save(update_fields=["customer", "main", *sealed])
    return [row.pk for row in rows]


def _subscriptions(customer_id: int) -> Any:
    return Subscription.objects.filter(owner=customer_id)


OWN_PARTS: Sequence[MergePart] = (
    MergePart(
        name="documents",
        title="证件（含影像）",
        count=lambda key: Document.objects.filter(customer=key).count(),
        move=move_documents,
    ),
    MergePart(
        name="contacts",
        title="联系人",
        count=lambda key: Contact.objects.filter(customer=key).count(),
        move=move_contacts,
    ),
    MergePart(
        name="subscriptions",
        title="用户",
        count=lambda key: _subscriptions(key).count(),
        move=move_subscriptions,
    ),
    MergePart(
        name="classes",
        title="客户类别",
        count=lambda key: ClassMembership.objects.filter(
            customer=key, valid_until__isnull=True
        ).count(),
        move=move_memberships,
    ),
    MergePart(
        name="listings",
        title="红黑名单记录",
        count=lambda key: Listing.objects.filter(customer=key, valid_until__isnull=True).count(),
        move=end_listing,
    ),
    MergePart(name="points", title="积分", count=balance_of, move=move_points),
)
