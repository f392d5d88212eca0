"""The house's own ledgers: every journal has a leg on one of them, so that it sums to zero.

Each has its place in the chart of accounts 会计科目, by which the trial balance stands.
A new ledger is one line of ``LEDGERS``; it is made when it is first asked for.
Source: ACC-6; 企业会计准则——应用指南 (numbers of the subjects).
"""

from dataclasses import dataclass
from enum import StrEnum

RECEIVABLE = "receivable"
"""What customers owe on issued bills; negative while they owe."""
TAX = "tax"
PREPAID = "prepaid"
"""Parts of prepayments that are still to come (ACC-5); not the customer's to spend yet."""
GIFT = "gift"
ADJUSTMENT = "adjustment"
OPENING = "opening"
OVER_SHORT = "over_short"
"""长短款: what was counted beyond the books (positive), or was found missing (negative)."""
IN_TRANSIT = "in_transit"
"""Cash in bags between a hall and the bank; negative while it is on the way."""
BANK = "bank"
"""What the bank has confirmed by its slip; negative, as all that the house holds."""
WRITE_OFF = "write_off"
"""坏帐: debts that were given up; negative, as every expense."""
RECOVERED = "recovered"
"""收回坏帐: what was paid after all on debts that had been given up."""
REFUND_PAYABLE = "refund_payable"
"""应付退款: given back to customers by a transfer that is still to go."""
UNIDENTIFIED = "unidentified"
"""不明来款: money that came in and belongs to nobody known yet; the house owes it."""

CLEARINGS = ("alipay", "wechat", "debit")
"""Outside worlds that have taken money for the house and have not yet paid it to its bank."""

MEANS = ("cash", "card", "cheque", "transfer", "online", *CLEARINGS)

ITEMS = (
    "BUNDLE_FEE",
    "PACK_FEE",
    "PLAN_FEE",
    "HOLD_FEE",
    "ONE_OFF_FEE",
    "VOICE_LOCAL",
    "VOICE_DOMESTIC",
    "VOICE_SERVICE",
    "VOICE_VPN",
    "VOICE_FORWARD",
    "VOICE_HMT",
    "VOICE_INTL",
    "VOICE_ROAMING",
    "SMS",
    "DATA",
    "INFO_FEE",
    "LATE_USAGE",
    "ADJUSTMENT",
    "LATE_FEE",
)
"""Charge items in the order in which the lines of a bill stand and are paid."""


class Side(StrEnum):
    """会计要素: what a ledger's balance is to the house."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLedger:
    """科目: ``code`` is its number in the chart; a revenue's ``title`` is its charge item's."""

    name: str
    code: str
    title: str
    side: Side

    @property
    def source(self) -> str:
        """The rule that asks for it."""
        return "ACC-6"


def cash_of(means: str) -> str:
    """The ledger of the money that came in by this means of payment."""
    return clearing_of(means) if means in CLEARINGS else f"cash:{means}"


def clearing_of(world: str) -> str:
    """The ledger of what an outside world holds for the house."""
    return f"clearing:{world}"


def revenue_of(item: str) -> str:
    """The ledger of what a charge item has earned, tax taken off."""
    return f"revenue:{item}"


def _asset(name: str, code: str, title: str) -> HouseLedger:
    return HouseLedger(name=name, code=code, title=title, side=Side.ASSET)


def _liability(name: str, code: str, title: str) -> HouseLedger:
    return HouseLedger(name=name, code=code, title=title, side=Side.LIABILITY)


def _income(name: str, code: str, title: str = "") -> HouseLedger:
    return HouseLedger(name=name, code=code, title=title, side=Side.INCOME)


def _expense(name: str, code: str, title: str) -> HouseLedger:
    return HouseLedger(name=name, code=code, title=title, side=Side.EXPENSE)


LEDGERS = (
    _asset(cash_of("cash"), "1001", "库存现金"),
    _asset(BANK, "1002", "银行存款"),
    _asset(cash_of("card"), "101201", "刷卡待清算"),
    _asset(cash_of("cheque"), "101202", "支票待入帐"),
    _asset(cash_of("transfer"), "101203", "转帐待入帐"),
    _asset(cash_of("online"), "101204", "网上支付待清算"),
    _asset(IN_TRANSIT, "101205", "缴款在途"),
    _asset(clearing_of("alipay"), "101206", "支付宝待清算"),
    _asset(clearing_of("wechat"), "101207", "微信支付待清算"),
    _asset(clearing_of("debit"), "101208", "银行托收待清算"),
    _asset(RECEIVABLE, "1122", "应收帐款"),
    _asset(OVER_SHORT, "1901", "长短款"),
    _liability(PREPAID, "220303", "待返还预存"),
    _liability(TAX, "2221", "应交增值税"),
    _liability(UNIDENTIFIED, "2241", "不明来款"),
    _liability(REFUND_PAYABLE, "224102", "应付退款"),
    HouseLedger(name=OPENING, code="4104", title="期初转入", side=Side.EQUITY),
    *(_income(revenue_of(item), f"6001{n:02}") for n, item in enumerate(ITEMS, start=1)),
    _income(ADJUSTMENT, "600199", "调帐"),
    _income(RECOVERED, "6301", "收回坏帐"),
    _expense(GIFT, "660101", "赠款支出"),
    _expense(WRITE_OFF, "6702", "坏帐损失"),
)
"""Every ledger of the house, in the order of the chart of accounts."""

NAMES = tuple(ledger.name for ledger in LEDGERS)
