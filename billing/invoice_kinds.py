"""What invoices put before a second person: taking back a large one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import Invoice
from billing.queries.locked import lock_account
from billing.services import invoice_reds
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, Staff
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

REVERSE = "invoice.reverse"
GONE = "申请中的发票明细已红冲或不存在，请重新申请。"


def describe_reverse(payload: Payload) -> Sequence[Line]:
    """Which invoice, how many of its lines, and how much."""
    invoice = _invoice(payload)
    try:
        rows = invoice_reds.lines_to_reverse(invoice, payload["line_ids"])
    except RefusedError as refused:
        raise BadInputError(("", GONE)) from refused
    return (
        Line("发票号码", invoice.full_number),
        Line("帐户编号", invoice.account.code),
        Line("发票金额(元)", yuan(invoice.amount_fen)),
        Line("红冲明细数", len(rows)),
        Line("红冲金额(元)", yuan(sum(row.amount_fen for row in rows))),
    )


def perform_reverse(approval: Approval, *, at: datetime) -> dict[str, Any]:
    red = invoice_reds.reverse(
        invoice_id=approval.payload["invoice_id"],
        line_ids=approval.payload["line_ids"],
        reason=approval.reason,
        key=f"approval-{approval.pk}",
        at=at,
        by_id=approval.asked_by_id,
        approved=True,
    )
    return {"url": reverse("billing:invoice", args=[red.pk])}


def _invoice(payload: Payload) -> Invoice:
    found = Invoice.objects.select_related("book", "account").filter(pk=payload["invoice_id"])
    invoice = found.first()
    if invoice is None:
        raise BadInputError(("", GONE))
    return invoice


def _lock(payload: Payload) -> object:
    return lock_account(_invoice(payload).account_id)


def _reached(staff: Staff, invoice_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="account__owner__", permission="approval.decide")
    found = Invoice.objects.filter(of_theirs, pk__in=invoice_ids)
    return set(found.values_list("pk", flat=True))


APPROVALS: Mapping[str, ApprovalKind] = {
    REVERSE: ApprovalKind(
        permission="approval.decide",
        title="红冲发票",
        describe=describe_reverse,
        perform=perform_reverse,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=About(ids=lambda payload: [payload["invoice_id"]], reached=_reached),
    ),
}
