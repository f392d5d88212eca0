"""What this app puts before a second person: a customer to be erased, or handed out whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.oversight.services.erasure import erase
from customers.models import Customer
from customers.queries.locked import lock_customer
from customers.queries.selection import reached_by_approver
from customers.queries.shown_names import shown_name

ERASE = "customer.erase"
NOT_THERE = "找不到申请中的客户。"


def describe_erasure(payload: Payload) -> Sequence[Line]:
    """Whom it meets, what is destroyed for good and what stays."""
    customer = _customer(payload)
    return (
        Line("客户", shown_name(customer)),
        Line("客户编号", customer.code),
        Line("证件号码、证件地址、通信地址、装机地址", "销毁密钥，永不可读（含备份）"),
        Line("名称、联系人、联系电话", "以占位文字代替"),
        Line("案件中的内容与电话", "以占位文字代替"),
        Line("发给客户的通知，付款人与收款人", "删除"),
        Line("帐单、缴费、订单与历史", "保留，只以编号称呼"),
    )


def perform_erasure(approval: Approval, *, at: datetime) -> dict[str, Any]:
    customer = erase(
        customer_id=approval.payload["customer_id"],
        reason=approval.reason,
        by_id=approval.decided_by_id,
        at=at,
    )
    return {"code": customer.code}


def _customer(payload: Payload) -> Customer:
    found = Customer.objects.filter(pk=payload["customer_id"]).first()
    if found is None:
        raise BadInputError(("", NOT_THERE))
    return found


APPROVALS: Mapping[str, ApprovalKind] = {
    ERASE: ApprovalKind(
        permission="customer.erase",
        title="删除客户的个人信息",
        describe=describe_erasure,
        perform=perform_erasure,
        lock=lambda payload: lock_customer(payload["customer_id"]),
        about=About(ids=lambda payload: [payload["customer_id"]], reached=reached_by_approver),
        valid_for=timedelta(days=3),
    ),
}

__all__ = ["APPROVALS", "ERASE"]
