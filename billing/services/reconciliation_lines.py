"""What does not agree is settled line by line: booked, held, asked again, taken back, explained."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from billing.gateways.protocol import GatewayAdapter, Returned, ReturnState, Trade, TradeState
from billing.models import GatewayOrder, GatewayRefund, ReconciliationLine
from billing.services import gateway_returns, payments
from billing.services.gateway_settling import accept_amount, settle_trade
from billing.services.gateway_strangers import hold_stated
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval
from bss.kernel.units import yuan

Kind = ReconciliationLine.Kind
Action = ReconciliationLine.Action
DONE = "这一笔已处理（%(action)s），请刷新页面查看。"
NOT_THEIRS = "只有网关有、我方没有的才能补记。"
STILL = "网关现在说：%(state)s，%(amount)s 元；与我方仍不一致。"
NO_NOTE = "请写明差异的原因和处理办法。"
NO_PAYMENT = "我方没有这一笔收款，不需要冲正。"
SAID = {
    TradeState.MISSING: "没有这笔交易",
    TradeState.WAITING: "待支付",
    TradeState.PAID: "已支付",
    TradeState.CLOSED: "已关闭",
}
SAID_OF_REFUND = {
    ReturnState.MISSING: "没有这笔退款",
    ReturnState.PENDING: "退款办理中",
    ReturnState.DONE: "已退款",
    ReturnState.SHORT: "余额不足",
    ReturnState.TOO_OLD: "已拒绝",
    ReturnState.REFUSED: "已拒绝",
}


@transaction.atomic
def book(*, line_id: int, at: datetime, by_id: int) -> ReconciliationLine:
    """Book what the gateway did and we did not: money to its order's account, a refund of ours.

    Money of an order that we do not know is held as unidentified (a statement of today's taking
    holds it by itself).
    Source: PAY-1: a trade is booked under its own key, whoever books it first.
    Locks:  the line, the order, the payment's key, the account.
    Raises: BadInputError; RefusedError (PAY-1).
    """
    line = _locked(line_id)
    if line.kind != Kind.THEIRS_ONLY or line.theirs_fen is None:
        raise BadInputError(("", NOT_THEIRS))
    if line.refund:
        return _book_refund(line, at=at, by_id=by_id)
    if line.order is None:
        hold_stated(line.reconciliation, at=at, by_id=by_id, line_id=line.pk)
        line.refresh_from_db()
        return _settle(line, Action.HELD, at=at, by_id=by_id)
    line.payment_id = _book_order(line, line.order, at=at, by_id=by_id)
    return _settle(line, Action.BOOKED, at=at, by_id=by_id)


def ask_again(
    *, line_id: int, gateway: GatewayAdapter, at: datetime, by_id: int
) -> ReconciliationLine:
    """Ask the gateway about the trade once more; what agrees now is settled.

    Raises: GatewayError; BadInputError, with what the gateway says, when it still differs.
    """
    line = ReconciliationLine.objects.get(pk=line_id)
    if line.refund:
        told = gateway.query_refund(number=line.number, refund_number=line.refund_number)
        return _compare_refund(line_id, told, at=at, by_id=by_id)
    trade = gateway.query(number=line.number)
    return _compare(line_id, trade, gateway=gateway.name, at=at, by_id=by_id)


@transaction.atomic
def explain(*, line_id: int, text: str, at: datetime, by_id: int) -> ReconciliationLine:
    """Settle a difference by saying what it is. Raises: BadInputError."""
    line = _locked(line_id)
    if not text.strip():
        raise BadInputError(("note", NO_NOTE))
    line.note = text.strip()[:200]
    return _settle(line, Action.NOTED, at=at, by_id=by_id)


@transaction.atomic
def take_back(
    *, line_id: int, at: datetime, by_id: int | None, approval: Approval | None = None
) -> ReconciliationLine:
    """Reverse a payment of ours that the gateway does not have; a second person approved it.

    Locks:  the line, then as ``payments.reverse``.
    Raises: BadInputError; RefusedError (PAY-2).
    """
    line = _locked(line_id)
    if line.payment is None:
        raise BadInputError(("", NO_PAYMENT))
    payments.reverse(
        key=line.payment.key,
        at=at,
        by_id=by_id,
        supervisor=True,
        approval=approval,
        at_gateway=False,
    )
    return _settle(line, Action.REVERSED, at=at, by_id=by_id)


@transaction.atomic
def _compare(
    line_id: int, trade: Trade, *, gateway: str, at: datetime, by_id: int
) -> ReconciliationLine:
    line = _locked(line_id)
    if line.order is not None:
        settle_trade(gateway=gateway, trade=trade, at=at)
        line.order.refresh_from_db()
        line.payment_id = line.order.payment_id
    ours_fen = line.order.payment.amount_fen if line.order and line.order.payment else None
    if trade.state is not TradeState.PAID or ours_fen is None or ours_fen != trade.amount_fen:
        amount = yuan(trade.amount_fen) if trade.amount_fen is not None else "—"
        raise BadInputError(("", Sentence(STILL, state=SAID[trade.state], amount=amount)))
    line.ours_fen = ours_fen
    return _settle(line, Action.AGREED, at=at, by_id=by_id)


@transaction.atomic
def _compare_refund(
    line_id: int, told: Returned, *, at: datetime, by_id: int
) -> ReconciliationLine:
    line = _locked(line_id)
    if line.back is not None and told.state is ReturnState.DONE:
        line.back = gateway_returns.follow(line.back.pk, told, at=at, now=told.done_at or at)
    done = line.back is not None and line.back.state == GatewayRefund.State.DONE
    ours_fen = line.back.amount_fen if line.back is not None and done else None
    if told.state is not ReturnState.DONE or ours_fen is None or ours_fen != told.amount_fen:
        amount = yuan(told.amount_fen) if told.amount_fen is not None else "—"
        raise BadInputError(("", Sentence(STILL, state=SAID_OF_REFUND[told.state], amount=amount)))
    line.ours_fen = ours_fen
    return _settle(line, Action.AGREED, at=at, by_id=by_id)


def _book_refund(line: ReconciliationLine, *, at: datetime, by_id: int) -> ReconciliationLine:
    """The statement is the gateway's word that a refund of ours has gone."""
    back = line.back
    if back is None or back.amount_fen != line.theirs_fen or line.paid_at is None:
        raise BadInputError(("", NOT_THEIRS))
    line.back = gateway_returns.finish(back.pk, done_at=line.paid_at, at=at)
    return _settle(line, Action.BOOKED, at=at, by_id=by_id)


def _book_order(line: ReconciliationLine, order: GatewayOrder, *, at: datetime, by_id: int) -> int:
    trade = Trade(
        number=line.number,
        state=TradeState.PAID,
        amount_fen=line.theirs_fen,
        trade_no=line.trade_no,
        paid_at=line.paid_at,
    )
    settle_trade(gateway=order.gateway, trade=trade, at=at)
    order.refresh_from_db()
    if order.state == GatewayOrder.State.DISPUTED:
        accept_amount(order_id=order.pk, at=at, by_id=by_id)
        order.refresh_from_db()
    assert order.payment_id is not None  # a paid order has its payment
    return int(order.payment_id)


def _locked(line_id: int) -> ReconciliationLine:
    """Raises: BadInputError, when it is settled already."""
    rows = ReconciliationLine.objects.select_for_update(no_key=True, of=("self",))
    line: ReconciliationLine = rows.select_related(
        "reconciliation", "order__payment", "payment", "back"
    ).get(pk=line_id)
    if line.action or line.kind == Kind.MATCHED:
        word = line.get_action_display() if line.action else Kind(line.kind).label
        raise BadInputError(("", Sentence(DONE, action=word)))
    return line


def _settle(
    line: ReconciliationLine, action: str, *, at: datetime, by_id: int | None
) -> ReconciliationLine:
    line.action = action
    line.done_by_id, line.done_at = by_id, at
    line.save()
    detail: Mapping[str, object] = {"number": line.number, "note": line.note, "kind": line.kind}
    audit.record(
        action=f"reconciliation_line.{action}",
        subject=f"reconciliation_line:{line.pk}",
        staff_id=by_id,
        at=at,
        detail=dict(detail),
    )
    return line
