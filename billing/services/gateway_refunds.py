"""Refunds by the way the money came 原路退回: on record before the gateway hears of them."""

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from billing.models import (
    Account,
    GatewayOrder,
    GatewayRefund,
    Journal,
    Payment,
    Reason,
    Refund,
    UnidentifiedPayment,
)
from billing.queries.locked import lock_gateway_order
from billing.services.invoice_writing import digest_of
from billing.services.reasons import own_reason
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

RULE = "PAY-4"
NO_ORDER = "请选择这个帐户的一笔网上支付。"
STANDING = ~Q(state=GatewayRefund.State.REFUSED)


def sent_back_fen(order: GatewayOrder) -> int:
    """What went back of an order, or is on its way."""
    found = order.refunds.filter(STANDING).aggregate(fen=Sum("amount_fen", default=0))
    return int(found["fen"])


def refundable_orders(account: Account) -> list[tuple[GatewayOrder, int]]:
    """The account's online payments, the latest first, with what of each has not gone back."""
    standing = Sum("refunds__amount_fen", filter=~Q(refunds__state="refused"), default=0)
    paid: QuerySet[GatewayOrder] = account.gateway_orders.filter(
        state=GatewayOrder.State.PAID, payment__reversed_at__isnull=True
    )
    rows = paid.annotate(back_fen=standing).order_by("-paid_at", "-pk")
    return [
        (order, order.paid_fen - order.back_fen)  # type: ignore[attr-defined, operator]
        for order in rows
        if order.paid_fen > order.back_fen  # type: ignore[attr-defined, operator]
    ]


def find_order(number: str, *, account_id: int) -> GatewayOrder:
    """The order whose money is to go back.

    Raises: BadInputError when it is none of this account's that was paid.
    """
    paid = GatewayOrder.objects.filter(state=GatewayOrder.State.PAID, account=account_id)
    order: GatewayOrder | None = paid.select_related("payment").filter(number=number).first()
    if order is None:
        raise BadInputError(("order", NO_ORDER))
    return order


def hold_order(number: str, *, account_id: int) -> GatewayOrder:
    """The same, locked; before keys and accounts. Raises: as ``find_order``."""
    found = find_order(number, account_id=account_id)
    order = lock_gateway_order(found.gateway, found.number)
    assert order is not None  # orders are never deleted
    return order


def check_left(order: GatewayOrder, *, amount_fen: int) -> None:
    """Raises: RefusedError (PAY-4) when less than that is left of the order."""
    if order.payment is not None and order.payment.reversed_at is not None:
        raise refuse(RULE, "这笔网上支付已经冲正，不能再退")
    left_fen = (order.paid_fen or 0) - sent_back_fen(order)
    if amount_fen > left_fen:
        raise refuse(
            RULE,
            "这笔网上支付还可原路退回 %(left)s 元，不够 %(amount)s 元",
            left=yuan(left_fen),
            amount=yuan(amount_fen),
        )


def ask_back(order: GatewayOrder, refund: Refund, *, at: datetime) -> GatewayRefund:
    """Have the gateway send a refund back out of this order; the caller holds the order."""
    return GatewayRefund.objects.create(
        number=f"{order.number}R{refund.pk}",
        gateway=order.gateway,
        trade_number=order.number,
        order=order,
        refund=refund,
        amount_fen=refund.amount_fen,
        total_fen=order.paid_fen,
        asked_at=at,
    )


def ask_back_of_nobody(money: UnidentifiedPayment, *, at: datetime) -> GatewayRefund:
    """Have the gateway send back what nobody is known for; the caller holds the money."""
    return GatewayRefund.objects.create(
        number=f"{money.number[:40]}N{money.pk}T{money.sent_back.count() + 1}",
        gateway=money.source,
        trade_number=money.number,
        unidentified=money,
        amount_fen=money.amount_fen,
        total_fen=money.amount_fen,
        asked_at=at,
    )


def order_to_reverse(payment_key: str) -> GatewayOrder | None:
    """The order, locked, by which a payment came that still stands; None: it came otherwise.

    Raises: RefusedError (PAY-2) when a part of it went back already.
    """
    standing = GatewayOrder.objects.filter(payment__reversed_at__isnull=True)
    found = standing.filter(payment__key=payment_key).first()
    if found is None:
        return None
    order = lock_gateway_order(found.gateway, found.number)
    assert order is not None  # orders are never deleted
    back_fen = sent_back_fen(order)
    if back_fen:
        raise refuse(
            "PAY-2",
            "这笔网上支付已原路退回 %(fen)s 元，不能冲正；其余的请办退款",
            fen=yuan(back_fen),
        )
    return order


def ask_back_reversed(
    order: GatewayOrder,
    payment: Payment,
    journal: Journal,
    *,
    at: datetime,
    by_id: int | None,
    approval: Approval | None,
) -> GatewayRefund:
    """Have the gateway send a payment back that was taken out of the account's books."""
    refund = Refund.objects.create(
        key=f"reversal:{payment.pk}",
        digest=digest_of("reversal", payment.pk, payment.amount_fen),
        account_id=payment.account_id,
        amount_fen=payment.amount_fen,
        means=Refund.Means.GATEWAY,
        reason=own_reason(purpose=Reason.Purpose.REFUND, code="reversed", words="冲正收款"),
        state=Refund.State.PAYABLE,
        journal=journal,
        at=at,
        by_id=by_id,
        approval=approval,
    )
    return ask_back(order, refund, at=at)
