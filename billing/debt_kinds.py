"""What a change of debts puts before a second person: a bill given up, a bill put right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from billing.by_hand_kinds import (
    GONE,
    account_of,
    as_approved,
    lock_named_accounts,
    money_kind,
    reason_of,
    row_or_gone,
)
from billing.models.bill import Bill, BillLine
from billing.queries.locked import lock_books
from billing.services.adjustments import adjust, correction_of
from billing.services.write_offs import write_off
from bss.kernel.approvals import ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.periods import Month
from bss.kernel.units import yuan

WRITE_OFF, ADJUSTMENT = "write_off.make", "adjustment.make"


def describe_write_off(payload: Payload) -> Sequence[Line]:
    """Each bill with what is due on it now: what was shown is what is given up."""
    account = account_of(payload)
    bills = Bill.objects.filter(account=account, pk__in=payload["bill_ids"]).order_by("pk")
    if len(bills) != len(payload["bill_ids"]):
        raise BadInputError(("", GONE))
    return (
        Line("帐户编号", account.code),
        *(
            Line(f"{bill.month:%Y-%m}" if bill.month else "期初欠费", yuan(bill.due_fen))
            for bill in bills
        ),
        Line("核销金额(元)", yuan(sum(bill.due_fen for bill in bills))),
        Line("原因", reason_of(payload)),
    )


def perform_write_off(approval: Approval, *, at: datetime) -> dict[str, Any]:
    made = write_off(**approval.payload, **as_approved(approval, at=at))
    return {"url": reverse("billing:write_off", args=[made.pk])}


def describe_adjustment(payload: Payload) -> Sequence[Line]:
    account = account_of(payload)
    amount_fen = payload["amount_fen"]
    lines = [Line("帐户编号", account.code)]
    if payload["bill_line_id"] is not None:
        line = row_or_gone(BillLine.objects.select_related("bill"), payload["bill_line_id"])
        lines.append(Line("帐单", f"{line.bill.month:%Y-%m}" if line.bill.month else "期初欠费"))
        lines.append(Line("费用", line.get_item_display()))
        lines.append(Line("原金额(元)", yuan(line.amount_fen)))
    correction_of(
        account,
        amount_fen=amount_fen,
        bill_line_id=payload["bill_line_id"],
        subscription_id=payload["subscription_id"],
        at=datetime.fromisoformat(payload["asked_at"]),
    )
    return (
        *lines,
        Line("减免金额(元)" if amount_fen < 0 else "补收金额(元)", yuan(abs(amount_fen))),
        Line("原因", reason_of(payload)),
    )


def perform_adjustment(approval: Approval, *, at: datetime) -> dict[str, Any]:
    asked = {name: value for name, value in approval.payload.items() if name != "asked_at"}
    made = adjust(**asked, **as_approved(approval, at=at))
    return {"url": reverse("billing:adjustment", args=[made.pk])}


def _lock_adjustment(payload: Payload) -> None:
    """The books before the account, as ``adjust`` and a month's start lock them.

    It is decided within three days: this month, or the next one.
    """
    asked_in = Month.of(datetime.fromisoformat(payload["asked_at"]))
    for month in (asked_in, asked_in.next):
        lock_books(month, shared=True)
    lock_named_accounts(payload)


APPROVALS: Mapping[str, ApprovalKind] = {
    WRITE_OFF: money_kind("坏帐核销", describe_write_off, perform_write_off),
    ADJUSTMENT: money_kind("调帐", describe_adjustment, perform_adjustment, lock=_lock_adjustment),
}
