"""支付宝业务明细: remarks begin with #, the last of them hold the sums."""

import re
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
    first_match,
    head_of,
    trade_of,
)
from bss.kernel.units import parse_yuan_fen

_NUMBER, _TRADE, _KIND, _AMOUNT = "商户订单号", "支付宝交易号", "业务类型", "商家实收（元）"
_DONE, _REFUND = "完成时间", "退款批次号/请求号"
_NEEDED = (_TRADE, _NUMBER, _KIND, _AMOUNT, _DONE, _REFUND)
_DAY = re.compile(r"#起始日期：\[(\d+)年(\d+)月(\d+)日")
_PAID = re.compile(r"#交易合计：(\d+)笔，商家实收共(-?[\d.]+)元")
_BACK = re.compile(r"#退款合计：(\d+)笔，商家实收退款共(-?[\d.]+)元")


def cut_alipay(lines: Sequence[str]) -> Parts:
    head = head_of(lines, _NEEDED, "alipay")
    paid = first_match(_PAID, lines)
    back = first_match(_BACK, lines)
    day = first_match(_DAY, lines)
    if paid is None or back is None or day is None:
        raise fault(HALF)
    rows = [
        (place + 1, line)
        for place, line in enumerate(lines)
        if place > head and line.strip() and not line.startswith("#")
    ]
    try:
        return Parts(
            head=lines[head].split(","),
            rows=rows,
            count=int(paid[1]) + int(back[1]),
            paid_fen=parse_yuan_fen(paid[2]),
            refunded_fen=abs(parse_yuan_fen(back[2])),
            day=date(int(day[1]), int(day[2]), int(day[3])),
        )
    except ValueError:
        raise fault(HALF) from None


def read_alipay(line_no: int, values: Mapping[str, str], day: date) -> tuple[StatedTrade, Key]:
    kind = values[_KIND]
    if kind not in ("交易", "退款"):
        raise UnreadableError(UNKNOWN_KIND)
    refund = kind == "退款"
    amount = values[_AMOUNT]
    trade = trade_of(
        line_no,
        number=values[_NUMBER],
        trade_no=values[_TRADE],
        refund=refund,
        amount=amount.removeprefix("-") if refund else amount,
        moment=values[_DONE],
        day=day,
        refund_number=values[_REFUND] if refund else "",
    )
    return trade, (trade.trade_no, refund, values[_REFUND])
