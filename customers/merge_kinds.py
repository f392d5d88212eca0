"""Merging two customers, as it is put before a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval
from customers.models import Customer
from customers.queries.selection import reached_by_approver
from customers.queries.shown_names import shown_name
from customers.services import merging
from customers.services.mass_changes import lock_customers

MERGE = "customer.merge"


def describe_merge(payload: Payload) -> Sequence[Line]:
    """Who stays, who leads to it, and how much of each kind moves."""
    survivor, merged = _both(payload)
    shared = set(_documents(survivor)) & set(_documents(merged))
    return (
        Line("保留的客户", Sentence("%(name)s（%(code)s）", **_named(survivor))),
        Line("并入的客户", Sentence("%(name)s（%(code)s）", **_named(merged))),
        Line("证件号码", "相同" if shared else "不同，请核对两份证件"),
        *(
            Line(part.title, Sentence("转入 %(n)s 个", n=count))
            for part in merging.parts()
            if (count := part.count(merged.pk))
        ),
        Line("合并以后", "并入的编号停用，只指向保留的客户；不能撤销"),
    )


def perform_merge(approval: Approval, *, at: datetime) -> dict[str, Any]:
    moved = merging.merge_customers(
        survivor_id=approval.payload["survivor_id"],
        merged_id=approval.payload["merged_id"],
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approval_id=approval.pk,
    )
    return {"moved": moved}


def _both(payload: Payload) -> tuple[Customer, Customer]:
    found = Customer.objects.in_bulk(_ids(payload))
    if len(found) != 2:
        raise BadInputError(("", merging.GONE))
    return found[payload["survivor_id"]], found[payload["merged_id"]]


def _named(customer: Customer) -> dict[str, str]:
    return {"name": shown_name(customer), "code": customer.code}


def _documents(customer: Customer) -> list[str]:
    numbers = customer.documents.exclude(number_index="")
    return list(numbers.values_list("number_index", flat=True))


def _ids(payload: Payload) -> list[int]:
    return [payload["survivor_id"], payload["merged_id"]]


APPROVALS: Mapping[str, ApprovalKind] = {
    MERGE: ApprovalKind(
        permission="customer.merge",
        title="合并重复客户",
        describe=describe_merge,
        perform=perform_merge,
        lock=lambda payload: lock_customers(_ids(payload)),
        about=About(ids=_ids, reached=reached_by_approver),
        valid_for=timedelta(days=3),
    ),
}
