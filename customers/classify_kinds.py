"""One class for many customers, as it is put before a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from customers.approval_kinds import GONE, shown_customers
from customers.models import ClassMembership, CustomerClass
from customers.queries.selection import reached_by_approver
from customers.services.classifying import give_class_to_many
from customers.services.mass_changes import lock_customers

CLASSIFY = "customers.classify"


def describe_classify(payload: Payload) -> Sequence[Line]:
    """Who gets which class, and how many hold it already."""
    one = CustomerClass.objects.filter(pk=payload["class_id"]).first()
    if one is None:
        raise BadInputError(("", GONE))
    held = ClassMembership.objects.filter(
        customer_class=one, customer__in=payload["customer_ids"], valid_until__isnull=True
    ).count()
    return (
        *shown_customers(payload["customer_ids"]),
        Line("归入类别", one.name),
        Line("新归入", len(payload["customer_ids"]) - held),
        Line("已在此类，不变", held),
    )


def perform_classify(approval: Approval, *, at: datetime) -> dict[str, Any]:
    given = give_class_to_many(
        customer_ids=approval.payload["customer_ids"],
        class_id=approval.payload["class_id"],
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approval_id=approval.pk,
    )
    return {"classified": given}


APPROVALS: Mapping[str, ApprovalKind] = {
    CLASSIFY: ApprovalKind(
        permission="customer.classify",
        title="批量归入类别",
        describe=describe_classify,
        perform=perform_classify,
        valid_for=timedelta(days=3),
        lock=lambda payload: lock_customers(payload["customer_ids"]),
        about=About(ids=lambda payload: payload["customer_ids"], reached=reached_by_approver),
    ),
}
