"""A gateway's statement of a day 对帐单, read line by line; what cannot be read keeps its reason.

Both gateways give CSV with their sums at the end. A file without its end, or whose sums are not
those of its lines, is half a file and refused whole.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from billing.rules.alipay_statement import cut_alipay, read_alipay
from billing.rules.stated_trades import (
    NOT_ONE,
    TWICE,
    WORDS,
    BadLine,
    Key,
    Parts,
    StatedTrade,
    Statement,
    UnreadableError,
    fault,
    values_of,
)
from billing.rules.wechat_statement import cut_wechat, read_wechat

__all__ = ["BadLine", "StatedTrade", "Statement", "read_statement"]

RAW_AT_MOST = 400
OTHER_COUNT = "对帐单不完整：合计 %(said)s 笔，文件里有 %(found)s 笔，请重新下载。"
OTHER_SUM = "对帐单不完整：合计与各笔之和不符，请重新下载。"
OTHER_DAY = "这是 %(said)s 的对帐单，不是 %(asked)s 的。"

_CUT: Mapping[str, Callable[[Sequence[str]], Parts]] = {
    "alipay": cut_alipay,
    "wechat": cut_wechat,
}
_READ: Mapping[str, Callable[[int, Mapping[str, str], date], tuple[StatedTrade, Key]]] = {
    "alipay": read_alipay,
    "wechat": read_wechat,
}


def read_statement(gateway: str, file: bytes, *, day: date) -> Statement:
    """The trades of a day's statement.

    Raises: BadInputError, when it is not one of this gateway and day, or not whole.
    """
    parts = _CUT[gateway](_lines(file, gateway))
    if parts.day is not None and parts.day != day:
        raise fault(OTHER_DAY, said=parts.day, asked=day)
    trades: list[StatedTrade] = []
    bad: list[BadLine] = []
    seen: set[Key] = set()
    for line_no, raw in parts.rows:
        try:
            trade, key = _READ[gateway](line_no, values_of(raw, parts.head), day)
            if key in seen:
                raise UnreadableError(TWICE)
        except UnreadableError as error:
            bad.append(BadLine(line_no=line_no, raw=raw[:RAW_AT_MOST], reason=str(error)))
            continue
        seen.add(key)
        trades.append(trade)
    statement = Statement(trades=tuple(trades), bad=tuple(bad))
    _check_whole(statement, parts)
    return statement


def _check_whole(statement: Statement, parts: Parts) -> None:
    """A line that cannot be read has no amount: then the number of lines must do."""
    if parts.count != len(parts.rows):
        raise fault(OTHER_COUNT, said=parts.count, found=len(parts.rows))
    sums = (statement.paid_fen, statement.refunded_fen)
    if not statement.bad and sums != (parts.paid_fen, parts.refunded_fen):
        raise fault(OTHER_SUM)


def _lines(file: bytes, gateway: str) -> list[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [line.rstrip("\r") for line in file.decode(encoding).split("\n")]
        except UnicodeDecodeError:
            continue
    raise fault(NOT_ONE, gateway=WORDS[gateway])
