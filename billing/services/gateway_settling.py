"""What a gateway says of a trade becomes our order's state, and its money a payment, once."""

from datetime import datetime

from django.db import transaction

from billing.gateways.protocol import Trade, TradeState
from billing.models import GatewayNotice, GatewayOrder
from billing.queries.locked import lock_gateway_order
from billing.services import payments
from billing.services.gateway_orders import record
from billing.services.gateway_strangers import hold_told
from bss.kernel.errors import BadInputError

Verdict = GatewayNotice.Verdict
State = GatewayOrder.State


@transaction.atomic
def settle_trade(
    *, gateway: str, trade: Trade, at: datetime
) -> tuple[GatewayNotice.Verdict, GatewayOrder | None]:
    """Book a paid trade; told again, or out of order, it changes nothing.

    Money that comes after the order was closed is booked as well: it is the customer's, and stands
    on their account. Of an order that we do not know it waits as unidentified. An amount that was
    not asked for is not booked by itself: a person decides.
    Source: PAY-1.
    Locks:  the order, the payment's key, the account.
    """
    order = lock_gateway_order(gateway, trade.number)
    if order is None:
        hold_told(gateway=gateway, trade=trade, at=at)
        return Verdict.FOREIGN, None
    if trade.state is not TradeState.PAID:
        if trade.state is TradeState.CLOSED and order.state == State.OPEN:
            order.close(at=at)
            order.save()
            record("gateway_order.close", order, at=at, by_id=None)
        return Verdict.IGNORED, order
    if order.state in (State.PAID, State.DISPUTED):
        same = (order.trade_no, order.paid_fen) == (trade.trade_no, trade.amount_fen)
        return (Verdict.REPEATED if same else Verdict.DISPUTED), order
    if trade.amount_fen is None:
        return Verdict.IGNORED, order
    order.trade_no = trade.trade_no
    order.paid_fen, order.paid_at = trade.amount_fen, trade.paid_at or at
    if trade.amount_fen != order.amount_fen:
        order.dispute()
        order.save()
        record("gateway_order.dispute", order, at=at, by_id=None)
        return Verdict.DISPUTED, order
    _book(order, at=at, by_id=order.asked_by_id)
    return Verdict.BOOKED, order


@transaction.atomic
def accept_amount(*, order_id: int, at: datetime, by_id: int) -> GatewayOrder:
    """Book what the gateway really took, where it is not what was asked for.

    Locks:  the order, the payment's key, the account.
    Raises: BadInputError, when there is no such amount to decide on.
    """
    found = GatewayOrder.objects.get(pk=order_id)
    order = lock_gateway_order(found.gateway, found.number)
    assert order is not None  # orders are never deleted
    if order.state != State.DISPUTED:
        raise BadInputError(("", "这个订单没有待核对的金额，请刷新页面。"))
    _book(order, at=at, by_id=by_id)
    return order


def _book(order: GatewayOrder, *, at: datetime, by_id: int | None) -> None:
    assert order.paid_fen is not None  # set beside the moment
    payment = payments.pay(
        account_id=order.account_id,
        amount_fen=order.paid_fen,
        key=order.payment_key,
        at=at,
        channel_id=order.channel_id,
        means=order.gateway,
        by_id=by_id,
    )
    order.pay(payment_id=payment.pk, at=at)
    order.problem = ""
    order.save()
    record("gateway_order.pay", order, at=at, by_id=by_id)
