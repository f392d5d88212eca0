"""The banks that collect for the house and hold its accounts, as data (docs/bank-files.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FIXED, CSV = "fixed", "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """银行: ``layout`` is how its files are written; ``collecting`` the house's own account there.

    ``virtual_prefix`` begins the collecting number that each of our accounts has at this bank.
    """

    code: str
    name: str
    layout: str
    encoding: str
    collecting: str
    virtual_prefix: str


BANKS: Final[Mapping[str, Bank]] = {
    bank.code: bank
    for bank in (
        Bank(
            code="YZ",
            name="燕赵银行",
            layout=FIXED,
            encoding="gb18030",
            collecting="6229000100000001",
            virtual_prefix="99310001",
        ),
        Bank(
            code="JH",
            name="京华银行",
            layout=CSV,
            encoding="utf-8-sig",
            collecting="6229000200000002",
            virtual_prefix="99310002",
        ),
    )
}

SETTLED: Final = "00"
ANSWERS: Final[Mapping[str, str]] = {
    SETTLED: "扣款成功",
    "01": "余额不足",
    "02": "帐号不存在或已销户",
    "03": "户名不符",
    "04": "帐户冻结或止付",
    "05": "没有授权协议",
    "06": "超过协议限额",
    "99": "银行系统拒绝",
}
"""What a bank may answer for one line, by its code."""

MOST_FEN: Final = 10_000_000_00
"""An amount above ten million yuan in one line is not believed: it is looked at by hand."""

APPROVE_FROM_FEN: Final = 5_000_00
"""Unidentified money from this amount on is given to an account, or back, by two people."""

ACCOUNT_CODE: Final = re.compile(r"(?<![0-9A-Za-z])[TD]\d{9}(?!\d)")
"""An account's code, as payers write it into a remark."""

_ACCOUNT_DIGITS = 10


def bank_name(code: str) -> str:
    bank = BANKS.get(code)
    return bank.name if bank else code


def virtual_number(bank: Bank, account_id: int) -> str:
    """专用收款帐号: the number at this bank that is one account's alone."""
    body = f"{bank.virtual_prefix}{account_id:0{_ACCOUNT_DIGITS}d}"
    return body + luhn_digit(body)


def account_of_virtual(number: str) -> int | None:
    """The account whose collecting number this is; None: it is none, or mistyped."""
    body, digit = number[:-1], number[-1:]
    if not number.isascii() or not number.isdecimal() or luhn_digit(body) != digit:
        return None
    for bank in BANKS.values():
        rest = body.removeprefix(bank.virtual_prefix)
        if rest != body and len(rest) == _ACCOUNT_DIGITS:
            return int(rest)
    return None


def luhn_digit(digits: str) -> str:
    """The check digit that bank account numbers end in."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
