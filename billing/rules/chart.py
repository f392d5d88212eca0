"""The chart of accounts 会计科目表: the house's ledgers, and the customers' as four subjects.

Source: ACC-6.
"""

from dataclasses import dataclass

from billing.rules import house
from billing.rules.house import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """科目: one ledger of the house (``ledger``), or all customers' of a ``kind`` and ``money``."""

    code: str
    title: str
    side: Side
    ledger: str = ""
    kind: str = ""
    money: str = ""

    @property
    def source(self) -> str:
        """The rule that asks for it."""
        return "ACC-6"

    @property
    def item(self) -> str:
        """The charge item whose revenue it is; "" for any other subject."""
        head, _, item = self.ledger.partition(":")
        return item if head == "revenue" else ""


def _customers(code: str, title: str, kind: str, money: str) -> Subject:
    return Subject(code=code, title=title, side=Side.LIABILITY, kind=kind, money=money)


CUSTOMERS = (
    _customers("220301", "客户公用账本现金", "public", "cash"),
    _customers("220302", "客户专用账本现金", "special", "cash"),
    _customers("240101", "客户公用账本赠款", "public", "gift"),
    _customers("240102", "客户专用账本赠款", "special", "gift"),
)

SUBJECTS = tuple(
    sorted(
        (
            *CUSTOMERS,
            *(
                Subject(code=one.code, title=one.title, side=one.side, ledger=one.name)
                for one in house.LEDGERS
            ),
        ),
        key=lambda subject: subject.code,
    )
)
"""Every subject, in the order of the trial balance."""

UNLISTED = "9999"
"""The number of a ledger in the books that the chart has forgotten: it is shown all the same."""

BY_CODE = {subject.code: subject for subject in SUBJECTS}
BY_LEDGER = {subject.ledger: subject for subject in SUBJECTS if subject.ledger}
