"""What this app puts before a second person: many customers read in clear, moved or listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from bss.kernel import access
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Staff
from customers.models import Customer
from customers.queries.selection import count_by_manager, reached_by_approver
from customers.services import mass_changes

UNMASK = "customers.unmask"
REASSIGN = "customers.reassign"
BLACK_LIST = "customers.black_list"

UNMASKED_FOR = timedelta(minutes=30)
CODES_SHOWN = 10
GONE = "申请中的客户有的已不存在，请重新申请。"
NO_MANAGER = "新客户经理不在岗，请另选一位。"
NOBODY = "不设客户经理，由所属机构负责"


def describe_unmask(payload: Payload) -> Sequence[Line]:
    """How many customers, which, and for how long."""
    return (
        *shown_customers(payload["customer_ids"]),
        Line("显示的资料", "名称、联系人、联系电话、证件号码、地址"),
        Line("可查看时间", "批准后 30 分钟内，每位客户各记一条审计"),
    )


def allow_unmask(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """Nothing is shown yet: the asker may look from now on, for a while."""
    return {
        "url": reverse("customers:unmasked", args=[approval.pk]),
        "until": (at + UNMASKED_FOR).isoformat(),
    }


def describe_reassign(payload: Payload) -> Sequence[Line]:
    """From whom how many, and to whom."""
    to = _manager(payload["to"])
    after = str(to) if to else NOBODY
    return (
        *shown_customers(payload["customer_ids"]),
        *(
            Line(
                "客户经理",
                Sentence("%(name)s（%(n)s 位）", name=after, n=count),
                before=str(before) if before else "无",
            )
            for before, count in count_by_manager(payload["customer_ids"])
        ),
    )


def perform_reassign(approval: Approval, *, at: datetime) -> dict[str, Any]:
    changed = mass_changes.reassign(
        customer_ids=approval.payload["customer_ids"],
        manager_id=approval.payload["to"],
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approval_id=approval.pk,
    )
    return {"changed": changed}


def describe_black_list(payload: Payload) -> Sequence[Line]:
    """Who comes onto the black list, and who is on it already."""
    reasons = _reasons(payload)
    listed = Customer.objects.filter(pk__in=reasons, listed=Customer.Listed.BLACK).count()
    red = Customer.objects.filter(pk__in=reasons, listed=Customer.Listed.RED).count()
    return (
        *shown_customers(list(reasons)),
        Line("列入黑名单", len(reasons) - listed),
        Line("已在黑名单，不变", listed),
        Line("原在红名单，改为黑名单", red),
        *(Line("原因", reason) for reason in sorted(set(reasons.values()))[:CODES_SHOWN]),
    )


def perform_black_list(approval: Approval, *, at: datetime) -> dict[str, Any]:
    listed = mass_changes.black_list(
        reasons=_reasons(approval.payload),
        reason=approval.reason,
        at=at,
        by_id=approval.asked_by_id,
        approval_id=approval.pk,
    )
    return {"listed": listed}


def _reasons(payload: Payload) -> dict[int, str]:
    return {int(key): reason for key, reason in payload["reasons"].items()}


def shown_customers(customer_ids: Sequence[int]) -> tuple[Line, ...]:
    codes = list(
        Customer.objects.filter(pk__in=customer_ids).order_by("code").values_list("code", flat=True)
    )
    if len(codes) != len(set(customer_ids)):
        raise BadInputError(("", GONE))
    shown = "、".join(codes[:CODES_SHOWN]) + (" …" if len(codes) > CODES_SHOWN else "")
    return Line("客户数", len(codes)), Line("客户编号", shown)


def _manager(staff_id: int | None) -> Staff | None:
    if staff_id is None:
        return None
    staff = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if staff is None or not access.can(staff, "customer.view"):
        raise BadInputError(("to", NO_MANAGER))
    return staff


def _lock(payload: Payload) -> list[Customer]:
    return mass_changes.lock_customers(_ids(payload))


def _ids(payload: Payload) -> list[int]:
    return list(payload.get("customer_ids") or _reasons(payload))


THE_CUSTOMERS = About(ids=_ids, reached=reached_by_approver)


APPROVALS: Mapping[str, ApprovalKind] = {
    UNMASK: ApprovalKind(
        permission="approval.decide",
        title="批量查看未脱敏资料",
        describe=describe_unmask,
        perform=allow_unmask,
        valid_for=timedelta(hours=2),
        about=THE_CUSTOMERS,
    ),
    REASSIGN: ApprovalKind(
        permission="approval.decide",
        title="批量改派客户经理",
        describe=describe_reassign,
        perform=perform_reassign,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=THE_CUSTOMERS,
    ),
    BLACK_LIST: ApprovalKind(
        permission="approval.decide",
        title="批量列入黑名单",
        describe=describe_black_list,
        perform=perform_black_list,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=THE_CUSTOMERS,
    ),
}
