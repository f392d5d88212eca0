"""What does not agree is settled line by line: booked, asked again, taken back, or explained."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from billing.gateways.protocol import GatewayAdapter, Trade, TradeState
from billing.models import GatewayOrder, ReconciliationLine
from billing.services import payments
from billing.services.gateway_settling import accept_amount, settle_trade
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval
from bss.kernel.units import yuan

Kind = ReconciliationLine.Kind
Action = ReconciliationLine.Action
DONE = "这一笔已处理（%(action)s），请刷新页面查看。"
NOT_THEIRS = "只有网关有、我方没有的收款才能补记。"
WHOSE = "这不是我们的扫码订单，请填写要存入的帐户编号。"
STILL = "网关现在说：%(state)s，%(amount)s 元；与我方仍不一致。"
NO_NOTE = "请写明差异的原因和处理办法。"
NO_PAYMENT = "我方没有这一笔收款，不需要冲正。"
SAID = {
    TradeState.MISSING: "没有这笔交易",
    TradeState.WAITING: "待支付",
    TradeState.PAID: "已支付",
    TradeState.CLOSED: "已关闭",
}


@transaction.atomic
def book(
    *,
    line_id: int,
    at: datetime,
    by_id: int,
    account_id: int | None = None,
    channel_id: int | None = None,
) -> ReconciliationLine:
    """Book what the gateway took and we did not: to its order's account, or to the one named.

    Source: PAY-1: a trade is booked under its own key, whoever books it first.
    Locks:  the line, the order, the payment's key, the account.
    Raises: BadInputError; RefusedError (PAY-1).
    """
    line = _locked(line_id)
    if line.kind != Kind.THEIRS_ONLY or line.refund or line.theirs_fen is None:
        raise BadInputError(("", NOT_THEIRS))
    gateway = line.reconciliation.gateway
    if line.order is not None:
        line.payment_id = _book_order(line, line.order, at=at, by_id=by_id)
    elif account_id is None or channel_id is None:
        raise BadInputError(("account", WHOSE))
    else:
        line.payment_id = payments.pay(
            account_id=account_id,
            amount_fen=line.theirs_fen,
            key=f"{gateway}:{line.trade_no}",
            at=at,
            channel_id=channel_id,
            means=gateway,
            by_id=by_id,
        ).pk
    return _settle(line, Action.BOOKED, at=at, by_id=by_id)


def ask_again(
    *, line_id: int, gateway: GatewayAdapter, at: datetime, by_id: int
) -> ReconciliationLine:
    """Ask the gateway about the trade once more; what agrees now is settled.

    Raises: GatewayError; BadInputError, with what the gateway says, when it still differs.
    """
    line = ReconciliationLine.objects.get(pk=line_id)
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
        "reconciliation", "order__payment", "payment"
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
