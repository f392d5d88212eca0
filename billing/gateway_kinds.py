"""What gateways put before a second person: taking back a payment that the gateway denies."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import ReconciliationLine
from billing.queries.locked import lock_account, lock_key
from billing.services import reconciliation_lines
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

REVERSE = "reconciliation.reverse"
GONE = "申请中的对帐明细已处理或不存在，请刷新后重新申请。"


def describe_reverse(payload: Payload) -> Sequence[Line]:
    """Which payment, whose, and what the gateway says instead."""
    line = _line(payload)
    assert line.payment is not None  # _line takes only such
    theirs = "没有" if line.theirs_fen is None else yuan(line.theirs_fen)
    return (
        Line("对帐日", line.reconciliation.day.isoformat()),
        Line("网关", line.reconciliation.get_gateway_display()),
        Line("商户订单号", line.number),
        Line("帐户编号", line.payment.account.code),
        Line("我方金额(元)", yuan(line.payment.amount_fen)),
        Line("网关金额(元)", theirs),
    )


def perform_reverse(approval: Approval, *, at: datetime) -> dict[str, Any]:
    line = reconciliation_lines.take_back(
        line_id=approval.payload["line_id"],
        at=at,
        by_id=approval.asked_by_id,
        approval=approval,
    )
    return {"url": reverse("billing:reconciliation", args=[line.reconciliation_id])}


def _line(payload: Payload) -> ReconciliationLine:
    found = ReconciliationLine.objects.select_related("reconciliation", "payment__account")
    line = found.filter(pk=payload["line_id"], action="", payment__reversed_at=None).first()
    if line is None or line.payment is None:
        raise BadInputError(("", GONE))
    return line


def _lock(payload: Payload) -> object:
    """The line, the payment's key, the account: as settling a line and ``reverse`` lock them."""
    ReconciliationLine.objects.select_for_update(no_key=True).filter(pk=payload["line_id"]).first()
    payment = _line(payload).payment
    assert payment is not None  # _line takes only such
    lock_key(payment.key)
    return lock_account(payment.account_id)


def _ids(payload: Payload) -> Collection[int]:
    return [payload["line_id"]]


def _reached(staff: Staff, ids: Collection[int]) -> Collection[int]:
    rows = ReconciliationLine.objects.filter(in_scope(staff, customer="payment__account__owner__"))
    return rows.filter(pk__in=ids).values_list("pk", flat=True)


APPROVALS: Mapping[str, ApprovalKind] = {
    REVERSE: ApprovalKind(
        permission="approval.decide",
        title="冲正网关没有的收款",
        describe=describe_reverse,
        perform=perform_reverse,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=About(ids=_ids, reached=_reached),
    ),
}
