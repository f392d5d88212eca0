"""Bills as the account's holder, clerks and the API see them (BIL-1, BIL-2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from billing.models import Bill, BillLine, WriteOffPart
from bss.kernel.periods import Month
from customers.models import Subscription

MONTHS_SHOWN = 6
"""Account holders see six months of bills, this one included (BIL-2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The lines of one subscription, in the order in which they are paid."""

    subscription: Subscription | None
    lines: tuple[BillLine, ...]

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillView:
    """A bill with its lines by subscription."""

    bill: Bill
    sections: tuple[Section, ...]

    @property
    def tax_fen(self) -> int:
        return sum(line.tax_fen for section in self.sections for line in section.lines)

    @property
    def paid_gift_fen(self) -> int:
        return sum(line.paid_gift_fen for section in self.sections for line in section.lines)


def bills_shown(account_id: int, *, month: Month, months: int = MONTHS_SHOWN) -> QuerySet[Bill]:
    """The account's bills of the last months up to ``month``, the latest first.

    Source: BIL-2.
    """
    first = month.plus(1 - months).first_day
    bills = Bill.objects.filter(account=account_id, month__range=(first, month.first_day))
    return with_given_up(bills).order_by("-month")


def with_given_up(bills: QuerySet[Bill]) -> QuerySet[Any]:
    """Each with ``given_up``: whether what was due on it was written off (PAY-6)."""
    return bills.annotate(given_up=Exists(WriteOffPart.objects.filter(bill=OuterRef("pk"))))


def unpaid_bills(account_id: int) -> QuerySet[Bill]:
    """What is to be paid, in the order of payment: the debt from before the system first."""
    bills = Bill.objects.filter(account=account_id, paid_fen__lt=F("total_fen"))
    return bills.order_by(F("month").asc(nulls_first=True), "id")


def bill_view(bill_id: int) -> BillView:
    """One bill whole, with the shares of its revenue. Raises: Bill.DoesNotExist."""
    bills = with_given_up(Bill.objects.select_related("account__owner", "account__subscription"))
    bill = bills.get(pk=bill_id)
    lines = BillLine.objects.filter(bill=bill).prefetch_related("shares")
    return BillView(bill=bill, sections=_sections(_in_order(lines)))


def bill_views(first_id: int, last_id: int, *, month: Month) -> list[BillView]:
    """The month's bills of a range whole, in two queries."""
    bills = Bill.objects.filter(month=month.first_day, pk__range=(first_id, last_id))
    lines: dict[int, list[BillLine]] = defaultdict(list)
    for line in _in_order(BillLine.objects.filter(bill__in=bills)):
        lines[line.bill_id].append(line)
    return [
        BillView(bill=bill, sections=_sections(lines[bill.pk]))
        for bill in bills.select_related("account__owner", "account__subscription").order_by("pk")
    ]


def _in_order(lines: QuerySet[BillLine]) -> QuerySet[BillLine]:
    return lines.select_related("subscription").order_by("position")


def _sections(lines: Iterable[BillLine]) -> tuple[Section, ...]:
    return tuple(
        Section(subscription=rows[0].subscription, lines=tuple(rows))
        for rows in (
            list(group) for _, group in groupby(lines, key=lambda line: line.subscription_id)
        )
    )
