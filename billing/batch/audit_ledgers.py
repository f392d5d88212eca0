"""All books looked over: each check is one statement, so that both its sides are of one moment.

A check is a file of ``billing/batch/books/``; it gives what differs as rows of subject, name,
part, what it must come to and what it comes to. A new one is its file and one line of ``CHECKS``.
Source: ACC-6.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _n

from billing.batch import sql
from billing.queries.house import house_ledgers
from billing.rules import house

SHOWN_PER_CHECK = 100

CHECKS = {
    "journals": _n("每张凭证借贷相抵"),
    "totals": _n("账本余额等于分录之和"),
    "bills": _n("帐单等于明细之和"),
    "bill_journals": _n("每张帐单一张出帐凭证"),
    "line_payments": _n("明细已缴等于扣款分录"),
    "payments": _n("每笔收款与凭证一致"),
    "shares": _n("收入分摊等于帐单明细"),
    "house": _n("总帐与客户帐一致"),
    "trial_balance": _n("全部分录合计为零"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``subject`` says what it is, such as ``bill:12``; ``name`` what a person calls it.

    ``part`` is the figure of it that differs: total, paid, cash, gift, tax…
    """

    check: str
    subject: str
    name: str
    part: str
    expected_fen: int
    found_fen: int

    def __str__(self) -> str:
        return (
            f"{self.check}: {self.subject} {self.name} {self.part}:"
            f" expected {self.expected_fen} fen, found {self.found_fen} fen"
        )

    def facts(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksReport:
    """What was looked at, and the differences: ``count`` of them, of each check the first."""

    journals: int
    entries: int
    count: int
    differences: tuple[Difference, ...]


def audit_ledgers() -> BooksReport:
    """Look at every journal, ledger, bill line and payment there is. It only reads."""
    parameters = _parameters()
    count = 0
    found: list[Difference] = []
    for check in CHECKS:
        rows = _differences(check, parameters)
        count += rows[0][-1] if rows else 0
        found += [
            Difference(
                check=check,
                subject=subject,
                name=name,
                part=part,
                expected_fen=expected,
                found_fen=have,
            )
            for subject, name, part, expected, have, _all in rows
        ]
    journals, entries = _looked_at()
    return BooksReport(journals=journals, entries=entries, count=count, differences=tuple(found))


def _parameters() -> dict[str, Any]:
    ledgers = house_ledgers()
    return {
        "receivable": ledgers[house.RECEIVABLE],
        "tax": ledgers[house.TAX],
        "prepaid": ledgers[house.PREPAID],
        "in_transit": ledgers[house.IN_TRANSIT],
        "unidentified": ledgers[house.UNIDENTIFIED],
        "refund_payable": ledgers[house.REFUND_PAYABLE],
        "items": list(house.ITEMS),
        "revenue": [ledgers[house.revenue_of(item)] for item in house.ITEMS],
    }


def _differences(check: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    statement = (
        "SELECT subject, name, part, expected_fen, found_fen, count(*) OVER ()"
        f" FROM ({sql.statement(f'books/{check}')}) AS difference"
        f" ORDER BY subject, name, part LIMIT {SHOWN_PER_CHECK}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _looked_at() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM billing_journal), (SELECT count(*) FROM billing_entry)"
        )
        [(journals, entries)] = cursor.fetchall()
    return journals, entries
