"""What a gateway's statement says, line by line, and what both gateways' files share."""

import re
from collections.abc import Mapping, Sequence
from csv import Error as CsvError
from csv import reader
from dataclasses import dataclass
from datetime import date, datetime

from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import BUSINESS_ZONE
from bss.kernel.units import parse_yuan_fen

WORDS = {"alipay": "支付宝", "wechat": "微信支付"}
NOT_ONE = "这不是%(gateway)s的对帐单，请下载业务明细(CSV)再上传。"
HALF = "对帐单不完整：缺少末尾的合计，请重新下载。"

OTHER_COLUMNS = "栏数与表头不符"
UNKNOWN_KIND = "不认识的业务类型或交易状态"
NO_NUMBER = "没有订单号或交易号"
NO_AMOUNT = "金额无法读取，或不大于零"
NO_TIME = "时间无法读取"
OTHER_DAY_LINE = "不在对帐日内"
TWICE = "同一笔在文件里出现两次"
REASONS = (
    OTHER_COLUMNS,
    UNKNOWN_KIND,
    NO_NUMBER,
    NO_AMOUNT,
    NO_TIME,
    OTHER_DAY_LINE,
    TWICE,
)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


class UnreadableError(ValueError):
    """One line cannot be used; its text is one of ``REASONS``."""


Key = tuple[str, bool, str]
"""What makes a line the same one again: trade, refund or not, the refund's own number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTrade:
    """One line that could be read; ``refund``: money that went back, under a number of its own."""

    line_no: int
    number: str
    trade_no: str
    refund: bool
    amount_fen: int
    at: datetime
    refund_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    line_no: int
    raw: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    trades: tuple[StatedTrade, ...]
    bad: tuple[BadLine, ...]

    @property
    def paid_fen(self) -> int:
        return sum(trade.amount_fen for trade in self.trades if not trade.refund)

    @property
    def refunded_fen(self) -> int:
        return sum(trade.amount_fen for trade in self.trades if trade.refund)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A file cut open: its heading, its lines with their numbers, what it says of itself."""

    head: list[str]
    rows: list[tuple[int, str]]
    count: int
    paid_fen: int
    refunded_fen: int
    day: date | None = None


def fault(words: str, **facts: object) -> BadInputError:
    return BadInputError(("file", Sentence(words, **facts) if facts else words))


def values_of(raw: str, head: Sequence[str]) -> Mapping[str, str]:
    """Column → value. Raises: UnreadableError."""
    try:
        values = next(reader([raw]), [])
    except CsvError:
        raise UnreadableError(OTHER_COLUMNS) from None
    if len(values) != len(head):
        raise UnreadableError(OTHER_COLUMNS)
    return dict(zip(head, (value.strip().removeprefix("`") for value in values), strict=True))


def fen_of(amount: str) -> int:
    """Raises: UnreadableError."""
    try:
        return parse_yuan_fen(amount)
    except ValueError:
        raise UnreadableError(NO_AMOUNT) from None


def trade_of(
    line_no: int,
    *,
    number: str,
    trade_no: str,
    refund: bool,
    amount: str,
    moment: str,
    day: date,
    refund_number: str = "",
) -> StatedTrade:
    if not 0 < len(number) <= 64 or not 0 < len(trade_no) <= 64:
        raise UnreadableError(NO_NUMBER)
    amount_fen = fen_of(amount)
    if amount_fen <= 0:
        raise UnreadableError(NO_AMOUNT)
    try:
        if _MOMENT.fullmatch(moment) is None:
            raise ValueError(moment)
        at = datetime.fromisoformat(moment).replace(tzinfo=BUSINESS_ZONE)
    except ValueError:
        raise UnreadableError(NO_TIME) from None
    if at.date() != day:
        raise UnreadableError(OTHER_DAY_LINE)
    return StatedTrade(
        line_no=line_no,
        number=number,
        trade_no=trade_no,
        refund=refund,
        amount_fen=amount_fen,
        at=at,
        refund_number=refund_number[:64],
    )


def head_of(lines: Sequence[str], needed: Sequence[str], gateway: str) -> int:
    """Where the heading stands that has every column that is read. Raises: BadInputError."""
    for place, line in enumerate(lines):
        if line.startswith(needed[0]) and set(needed) <= set(line.split(",")):
            return place
    raise fault(NOT_ONE, gateway=WORDS[gateway])


def first_match(pattern: re.Pattern[str], lines: Sequence[str]) -> re.Match[str] | None:
    """The first line that the pattern fits."""
    return next((match for line in lines if (match := pattern.match(line))), None)
