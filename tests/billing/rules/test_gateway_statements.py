"""Statements of both gateways: whole or refused; a line that cannot be read keeps its reason."""

from datetime import date

import pytest

from billing.rules.gateway_statements import Statement, read_statement
from billing.rules.stated_trades import (
    HALF,
    NO_AMOUNT,
    NO_NUMBER,
    NO_TIME,
    OTHER_COLUMNS,
    OTHER_DAY_LINE,
    TWICE,
    UNKNOWN_KIND,
)
from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment

DAY = date(2026, 11, 4)
ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,完成时间,商家实收（元）,退款批次号/请求号,备注"
)
WECHAT_HEAD = (
    "交易时间,公众账号ID,微信订单号,商户订单号,交易状态,应结订单金额,微信退款单号,退款金额"
)
AT = "2026-11-04 10:20:30"


def alipay(*rows: str, count: int | None = None, paid: str = "0.00", back: str = "0.00") -> str:
    found = len(rows) if count is None else count
    return "\r\n".join(
        [
            "#支付宝业务明细查询",
            "#账号：[2021000000000001]",
            "#起始日期：[2026年11月04日 00:00:00]   终止日期：[2026年11月05日 00:00:00]",
            "#------业务明细列表------",
            ALIPAY_HEAD,
            *rows,
            "#------业务明细列表结束------",
            f"#交易合计：{found}笔，商家实收共{paid}元，优惠共0.00元",
            f"#退款合计：0笔，商家实收退款共{back}元，商家优惠共0.00元",
        ]
    )


def wechat(*rows: str, count: int | None = None, paid: str = "0.00", back: str = "0.00") -> str:
    return "\r\n".join(
        [
            WECHAT_HEAD,
            *rows,
            "总交易单数,应结订单总金额,退款总金额",
            f"`{len(rows) if count is None else count},`{paid},`{back}",
            "",
        ]
    )


A1 = f"T1\t,WO1\t,交易,通信费,{AT},12.34,,"
A2 = f"T1\t,WO1\t,退款,通信费,{AT},-2.00,R1,"
W1 = f"`{AT},`wx1,`T1,`WO1,`SUCCESS,`12.34,`0,`0.00"
W2 = f"`{AT},`wx1,`T1,`WO1,`REFUND,`0.00,`R1,`2.00"


def read(gateway: str, text: str, *, encoding: str = "utf-8-sig") -> Statement:
    return read_statement(gateway, text.encode(encoding), day=DAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("gateway", "text", "line_no"),
    [
        ("alipay", alipay(A1, A2, paid="12.34", back="-2.00"), 6),
        ("wechat", wechat(W1, W2, paid="12.34", back="2.00"), 2),
    ],
)
def test_trades_and_refunds_are_read_in_every_encoding(
    gateway: str, text: str, line_no: int, encoding: str
) -> None:
    statement = read(gateway, text, encoding=encoding)
    assert statement.bad == ()
    assert (statement.paid_fen, statement.refunded_fen) == (12_34, 2_00)
    trade, back = statement.trades
    assert (trade.line_no, trade.number, trade.trade_no) == (line_no, "WO1", "T1")
    assert (trade.refund, trade.amount_fen, back.refund, back.amount_fen) == (
        False,
        12_34,
        True,
        2_00,
    )
    assert trade.at == local_moment("2026-11-04T10:20:30")


@pytest.mark.parametrize(("gateway", "text"), [("alipay", alipay()), ("wechat", wechat())])
def test_a_day_without_trades_is_a_whole_statement(gateway: str, text: str) -> None:
    assert read(gateway, text) == Statement(trades=(), bad=())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (A1.replace("12.34", "twelve"), NO_AMOUNT),
        (A1.replace("12.34", "12.345"), NO_AMOUNT),
        (A1.replace("12.34", "-12.34"), NO_AMOUNT),
        (A1.replace("12.34", "0.00"), NO_AMOUNT),
        (A1.replace(AT, "昨天"), NO_TIME),
        (A1.replace(AT, "2026-11-05 00:00:00"), OTHER_DAY_LINE),
        (A1.replace("交易", "提现"), UNKNOWN_KIND),
        (A1.replace("WO1", ""), NO_NUMBER),
        (A1.replace("T1", "T" * 65), NO_NUMBER),
        (A1 + ",,", OTHER_COLUMNS),
        ("rubbish", OTHER_COLUMNS),
        ('"', OTHER_COLUMNS),
    ],
)
def test_one_bad_line_keeps_its_reason_and_the_rest_is_read(row: str, reason: str) -> None:
    good = A1.replace("T1", "T9").replace("WO1", "WO9")
    statement = read("alipay", alipay(row, good, paid="24.68"))
    [bad] = statement.bad
    assert (bad.line_no, bad.raw, bad.reason) == (6, row, reason)
    assert [trade.number for trade in statement.trades] == ["WO9"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (W1.replace("SUCCESS", "PENDING"), UNKNOWN_KIND),
        (W1.replace("12.34", "1,2"), OTHER_COLUMNS),
        (W1.replace("12.34", ""), NO_AMOUNT),
    ],
)
def test_a_bad_line_of_wechat_keeps_its_reason_too(row: str, reason: str) -> None:
    [bad] = read("wechat", wechat(row, paid="12.34")).bad
    assert bad.reason == reason


def test_the_same_trade_twice_counts_once_and_two_refunds_of_it_twice() -> None:
    other = A2.replace("R1", "R2")
    statement = read("alipay", alipay(A1, A1, A2, other, paid="12.34", back="-4.00"))
    assert [line.reason for line in statement.bad] == [TWICE]
    assert (statement.paid_fen, statement.refunded_fen) == (12_34, 4_00)


@pytest.mark.parametrize(
    ("gateway", "text"),
    [
        ("alipay", alipay(A1, paid="12.34").rpartition("#交易合计")[0]),
        ("alipay", alipay(A1, paid="12.34").rpartition("#退款合计")[0]),
        ("alipay", alipay(A1, paid="1.2.3")),
        ("alipay", alipay(A1, paid="12.34").replace("11月04日", "13月04日")),
        ("wechat", wechat(W1, paid="12.34").rpartition("总交易单数")[0]),
        ("wechat", wechat(W1, paid="12.34").rpartition("`1")[0]),
        ("wechat", wechat(W1, paid="12.34").rpartition(",")[0]),
    ],
)
def test_half_a_file_is_refused_whole(gateway: str, text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(gateway, text)
    assert caught.value.faults == (("file", HALF),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (alipay(A1, count=2, paid="12.34"), "合计 2 笔，文件里有 1 笔"),
        (alipay(A1, paid="99.99"), "合计与各笔之和不符"),
        (alipay(A1, paid="12.34", back="-2.00"), "合计与各笔之和不符"),
        (alipay(A1, paid="12.34").replace("11月04日", "11月03日"), "这是 2026-11-03 的对帐单"),
        (wechat(W1, paid="12.34"), "这不是支付宝的对帐单"),
        ("", "这不是支付宝的对帐单"),
        (alipay(A1, paid="12.34").replace("商家实收（元）", "金额"), "这不是支付宝的对帐单"),
    ],
)
def test_a_file_that_is_not_whole_or_not_this_one_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        read("alipay", text)


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(BadInputError, match="这不是微信支付的对帐单"):
        read_statement("wechat", b"\xff\xff\x00", day=DAY)
