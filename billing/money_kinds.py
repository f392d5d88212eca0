"""What money moved by hand puts before a second person: what they see, and what is then done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from billing.models import Account, GatewayOrder, Payment, Reason, Refund, Shift
from billing.models.bill import Bill, BillLine
from billing.queries.locked import (
    lock_accounts,
    lock_books,
    lock_gateway_order,
    lock_key,
    lock_shifts,
)
from billing.services.adjustments import adjust, correction_of
from billing.services.refunds import Payee, refund
from billing.services.reversals import reverse as reverse_payment
from billing.services.transfers import transfer
from billing.services.write_offs import write_off
from bss.kernel import access, sealing
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_name
from bss.kernel.models import Approval, Staff
from bss.kernel.periods import Month
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

REVERSE, REFUND, TRANSFER = "payment.reverse", "refund.make", "transfer.make"
WRITE_OFF, ADJUSTMENT = "write_off.make", "adjustment.make"
PAYEE_ACCOUNT = "billing_refund.payee_account"
GONE = "申请中的帐户、帐单或原因已不存在，请重新申请。"


def sealed_account(account: Account, number: str) -> str:
    """A payee's bank account as a payload may hold it."""
    key_id = account.owner.data_key_id
    if key_id is None:
        raise BadInputError(("payee_account", "客户的个人信息已删除，不能登记收款帐号。"))
    return sealing.seal(number, key_id=key_id, bound_to=PAYEE_ACCOUNT)


def describe_reverse(payload: Payload) -> Sequence[Line]:
    payment = _found(Payment.objects.select_related("account"), payload["payment_id"])
    return (
        Line("流水号", payment.key),
        Line("帐户编号", payment.account.code),
        Line("付款方式", payment.get_means_display()),
        Line("冲正金额(元)", yuan(payment.amount_fen)),
    )


def perform_reverse(approval: Approval, *, at: datetime) -> dict[str, Any]:
    payment = Payment.objects.select_related("account").get(pk=approval.payload["payment_id"])
    maker = Staff.objects.get(pk=approval.asked_by_id)
    reverse_payment(
        key=payment.key,
        at=at,
        by_id=maker.pk,
        supervisor=access.can(maker, "till.confirm"),
        approval=approval,
    )
    return {"url": reverse("billing:account", args=[payment.account.code])}


def describe_refund(payload: Payload) -> Sequence[Line]:
    account = _account(payload)
    lines = [
        Line("帐户编号", account.code),
        Line("退款金额(元)", yuan(payload["amount_fen"])),
        Line("退款方式", Refund.Means(payload["means"]).label),
        Line("收款人", masked_name(payload["payee_name"])),
        Line("原因", _reason(payload)),
    ]
    if number := payload.get("order_number"):
        lines[3] = Line("商户订单号", number)
    if payload["means"] == Refund.Means.TRANSFER:
        lines.insert(4, Line("收款帐号", f"{payload['payee_bank']} ****{payload['tail']}"))
    return lines


def perform_refund(approval: Approval, *, at: datetime) -> dict[str, Any]:
    asked = approval.payload
    made = refund(
        account_id=asked["account_id"],
        amount_fen=asked["amount_fen"],
        means=asked["means"],
        reason_id=asked["reason_id"],
        payee=Payee(
            name=asked["payee_name"],
            bank=asked["payee_bank"],
            account=sealing.unseal(asked["payee_account"], bound_to=PAYEE_ACCOUNT),
        ),
        remark=asked["remark"],
        order_number=asked.get("order_number", ""),
        **_maker(approval, at=at),
    )
    return {"url": reverse("billing:refund", args=[made.pk])}


def describe_transfer(payload: Payload) -> Sequence[Line]:
    return (
        Line("转出帐户", _account(payload, "source_id").code),
        Line("转入帐户", _account(payload, "target_id").code),
        Line("转帐金额(元)", yuan(payload["amount_fen"])),
        Line("原因", _reason(payload)),
    )


def perform_transfer(approval: Approval, *, at: datetime) -> dict[str, Any]:
    made = transfer(**approval.payload, **_maker(approval, at=at))
    return {"url": reverse("billing:transfer", args=[made.pk])}


def describe_write_off(payload: Payload) -> Sequence[Line]:
    """Each bill with what is due on it now: what was shown is what is given up."""
    account = _account(payload)
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
        Line("原因", _reason(payload)),
    )


def perform_write_off(approval: Approval, *, at: datetime) -> dict[str, Any]:
    made = write_off(**approval.payload, **_maker(approval, at=at))
    return {"url": reverse("billing:write_off", args=[made.pk])}


def describe_adjustment(payload: Payload) -> Sequence[Line]:
    account = _account(payload)
    amount_fen = payload["amount_fen"]
    lines = [Line("帐户编号", account.code)]
    if payload["bill_line_id"] is not None:
        line = _found(BillLine.objects.select_related("bill"), payload["bill_line_id"])
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
        Line("原因", _reason(payload)),
    )


def perform_adjustment(approval: Approval, *, at: datetime) -> dict[str, Any]:
    asked = {name: value for name, value in approval.payload.items() if name != "asked_at"}
    made = adjust(**asked, **_maker(approval, at=at))
    return {"url": reverse("billing:adjustment", args=[made.pk])}


def _maker(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """Who did it, under which key, and who said yes."""
    return {
        "key": f"approval-{approval.pk}",
        "at": at,
        "by_id": approval.asked_by_id,
        "approval": approval,
    }


def _found(rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise BadInputError(("", GONE))
    return row


def _account(payload: Payload, name: str = "account_id") -> Account:
    return _found(Account.objects.select_related("owner"), payload[name])  # type: ignore[no-any-return]


def _reason(payload: Payload) -> str:
    return str(_found(Reason.objects.filter(active=True), payload["reason_id"]).words)


def _lock_payment(payload: Payload) -> None:
    """The online payment, the key and the drawers before the account, as ``reverse`` locks them."""
    payment = _found(Payment.objects.all(), payload["payment_id"])
    _lock_order(GatewayOrder.objects.filter(payment=payment))
    lock_key(payment.key)
    lock_shifts(
        Shift.objects.filter(movements__journal=payment.journal_id).values_list("pk", flat=True)
    )
    lock_accounts([payment.account_id])


def _lock_refund(payload: Payload) -> None:
    _lock_order(GatewayOrder.objects.filter(number=payload.get("order_number", "")))
    shifts = Shift.objects.filter(cashier=payload["maker_id"], state=Shift.State.OPEN)
    lock_shifts(list(shifts.values_list("pk", flat=True)))
    lock_accounts([payload["account_id"]])


def _lock_order(orders: QuerySet[GatewayOrder]) -> None:
    for order in orders:
        lock_gateway_order(order.gateway, order.number)


def _lock_adjustment(payload: Payload) -> None:
    """The books before the account, as ``adjust`` and a month's start lock them.

    It is decided within three days: this month, or the next one.
    """
    asked_in = Month.of(datetime.fromisoformat(payload["asked_at"]))
    for month in (asked_in, asked_in.next):
        lock_books(month, shared=True)
    _lock_accounts(payload)


def _lock_accounts(payload: Payload) -> None:
    names = ("account_id", "source_id", "target_id")
    lock_accounts([payload[name] for name in names if name in payload])


def _reached(staff: Staff, account_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="owner__", permission="approval.decide")
    found = Account.objects.filter(of_theirs, pk__in=account_ids)
    return set(found.values_list("pk", flat=True))


def _payments_reached(staff: Staff, payment_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="account__owner__", permission="approval.decide")
    found = Payment.objects.filter(of_theirs, pk__in=payment_ids)
    return set(found.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids under these names of a payload."""

    names: tuple[str, ...]

    def __call__(self, payload: Payload) -> list[int]:
        return [payload[name] for name in self.names]


def _kind(title: str, describe: Any, perform: Any, **more: Any) -> ApprovalKind:
    usual: dict[str, Any] = {
        "lock": _lock_accounts,
        "about": About(ids=_Ids(("account_id",)), reached=_reached),
    }
    return ApprovalKind(
        permission="approval.decide",
        title=title,
        describe=describe,
        perform=perform,
        valid_for=timedelta(days=3),
        **(usual | more),
    )


APPROVALS: Mapping[str, ApprovalKind] = {
    REVERSE: _kind(
        "冲正收款",
        describe_reverse,
        perform_reverse,
        lock=_lock_payment,
        about=About(ids=_Ids(("payment_id",)), reached=_payments_reached),
    ),
    REFUND: _kind("退款", describe_refund, perform_refund, lock=_lock_refund),
    TRANSFER: _kind(
        "余额转帐",
        describe_transfer,
        perform_transfer,
        about=About(ids=_Ids(("source_id", "target_id")), reached=_reached),
    ),
    WRITE_OFF: _kind("坏帐核销", describe_write_off, perform_write_off),
    ADJUSTMENT: _kind("调帐", describe_adjustment, perform_adjustment, lock=_lock_adjustment),
}
