"""What money moved by hand puts before a second person: what they see, and what is then done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from billing.by_hand_kinds import (
    Ids,
    account_of,
    accounts_reached,
    as_approved,
    money_kind,
    reason_of,
    row_or_gone,
)
from billing.models import Account, GatewayOrder, Payment, Refund, Shift
from billing.queries.locked import lock_accounts, lock_gateway_order, lock_key, lock_shifts
from billing.services.refunds import Payee, refund
from billing.services.reversals import reverse as reverse_payment
from billing.services.transfers import transfer
from bss.kernel import access, sealing
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_name
from bss.kernel.models import Approval, Staff
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

REVERSE, REFUND, TRANSFER = "payment.reverse", "refund.make", "transfer.make"
PAYEE_ACCOUNT = "billing_refund.payee_account"


def sealed_account(account: Account, number: str) -> str:
    """A payee's bank account as a payload may hold it."""
    key_id = account.owner.data_key_id
    if key_id is None:
        raise BadInputError(("payee_account", "客户的个人信息已删除，不能登记收款帐号。"))
    return sealing.seal(number, key_id=key_id, bound_to=PAYEE_ACCOUNT)


def describe_reverse(payload: Payload) -> Sequence[Line]:
    payment = row_or_gone(Payment.objects.select_related("account"), payload["payment_id"])
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
    account = account_of(payload)
    lines = [
        Line("帐户编号", account.code),
        Line("退款金额(元)", yuan(payload["amount_fen"])),
        Line("退款方式", Refund.Means(payload["means"]).label),
        Line("收款人", masked_name(payload["payee_name"])),
        Line("原因", reason_of(payload)),
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
        **as_approved(approval, at=at),
    )
    return {"url": reverse("billing:refund", args=[made.pk])}


def describe_transfer(payload: Payload) -> Sequence[Line]:
    return (
        Line("转出帐户", account_of(payload, "source_id").code),
        Line("转入帐户", account_of(payload, "target_id").code),
        Line("转帐金额(元)", yuan(payload["amount_fen"])),
        Line("原因", reason_of(payload)),
    )


def perform_transfer(approval: Approval, *, at: datetime) -> dict[str, Any]:
    made = transfer(**approval.payload, **as_approved(approval, at=at))
    return {"url": reverse("billing:transfer", args=[made.pk])}


def _lock_payment(payload: Payload) -> None:
    """The online payment, the key and the drawers before the account, as ``reverse`` locks them."""
    payment = row_or_gone(Payment.objects.all(), payload["payment_id"])
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


def _payments_reached(staff: Staff, payment_ids: Collection[int]) -> set[int]:
    of_theirs = in_scope(staff, customer="account__owner__", permission="approval.decide")
    theirs = Payment.objects.filter(of_theirs, pk__in=payment_ids)
    return set(theirs.values_list("pk", flat=True))


APPROVALS: Mapping[str, ApprovalKind] = {
    REVERSE: money_kind(
        "冲正收款",
        describe_reverse,
        perform_reverse,
        lock=_lock_payment,
        about=About(ids=Ids(("payment_id",)), reached=_payments_reached),
    ),
    REFUND: money_kind("退款", describe_refund, perform_refund, lock=_lock_refund),
    TRANSFER: money_kind(
        "余额转帐",
        describe_transfer,
        perform_transfer,
        about=About(ids=Ids(("source_id", "target_id")), reached=accounts_reached),
    ),
}
