"""微信支付交易账单: a backtick before every value; the sums have a heading of their own."""

from collections.abc import Mapping, Sequence
from datetime import date

from billing.rules.stated_trades import (
    HALF,
    UNKNOWN_KIND,
    Key,
    Parts,
    StatedTrade,
    UnreadableError,
    fault,
    head_of,
    trade_of,
    values_of,
)
from bss.kernel.units import parse_yuan_fen

_AT, _TRADE, _NUMBER, _STATE = "交易时间", "微信订单号", "商户订单号", "交易状态"
_PAID, _BACK, _REFUND = "应结订单金额", "退款金额", "微信退款单号"
_OUR_REFUND = "商户退款单号"
_NEEDED = (_AT, _TRADE, _NUMBER, _STATE, _PAID, _BACK, _REFUND)
_SUMS = "总交易单数,"


def cut_wechat(lines: Sequence[str]) -> Parts:
    head = head_of(lines, _NEEDED, "wechat")
    sums = [place for place, line in enumerate(lines) if line.startswith(_SUMS)]
    if not sums or len(lines) < sums[-1] + 2:
        raise fault(HALF)
    end = sums[-1]
    try:
        said = values_of(lines[end + 1], lines[end].split(","))
        count, paid, back = int(said["总交易单数"]), said["应结订单总金额"], said["退款总金额"]
        paid_fen, refunded_fen = parse_yuan_fen(paid), parse_yuan_fen(back)
    except (ValueError, KeyError):
        raise fault(HALF) from None
    rows = [(place + 1, lines[place]) for place in range(head + 1, end) if lines[place].strip()]
    return Parts(
        head=lines[head].split(","),
        rows=rows,
        count=count,
        paid_fen=paid_fen,
        refunded_fen=refunded_fen,
    )


def read_wechat(line_no: int, values: Mapping[str, str], day: date) -> tuple[StatedTrade, Key]:
    state = values[_STATE]
    if state not in ("SUCCESS", "REFUND"):
        raise UnreadableError(UNKNOWN_KIND)
    refund = state == "REFUND"
    trade = trade_of(
        line_no,
        number=values[_NUMBER],
        trade_no=values[_TRADE],
        refund=refund,
        amount=values[_BACK if refund else _PAID],
        moment=values[_AT],
        day=day,
        refund_number=values.get(_OUR_REFUND, "") if refund else "",
    )
    return trade, (trade.trade_no, refund, values[_REFUND] if refund else "")
