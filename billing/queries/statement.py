"""账本对帐单: a customer ledger's months, from what it opened with to what it closed with."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Q, QuerySet, Sum

from billing.models import Entry, Journal, Ledger, LedgerRelease
from bss.kernel.periods import Month

CASH, GIFT = Entry.Money.CASH, Entry.Money.GIFT
BROUGHT_FORWARD, CARRIED_FORWARD = "brought_forward", "carried_forward"
WITH_COUNTERPART = (Journal.Kind.MOVE, Journal.Kind.TRANSFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """What one journal did to the ledger, in one kind of money and for one bill.

    ``balance_fen`` is cash and gift after it. ``counterpart`` is the account code and the name of
    the customer's ledger on the other side. Units: fen.
    """

    journal_id: int
    at: datetime
    kind: str
    ref: str
    money: str
    amount_fen: int
    balance_fen: int = 0
    bill_id: int | None = None
    bill_month: date | None = None
    means: str = ""
    channel: str = ""
    counterpart: tuple[str, str] | None = None

    @property
    def in_fen(self) -> int:
        return max(0, self.amount_fen)

    @property
    def out_fen(self) -> int:
        return max(0, -self.amount_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A ledger from the start of ``first`` to the end of ``last``. Units: fen."""

    ledger: Ledger
    first: Month
    last: Month
    opening_cash_fen: int
    opening_gift_fen: int
    lines: tuple[StatementLine, ...]

    @property
    def opening_fen(self) -> int:
        return self.opening_cash_fen + self.opening_gift_fen

    @property
    def in_fen(self) -> int:
        return sum(line.in_fen for line in self.lines)

    @property
    def out_fen(self) -> int:
        return sum(line.out_fen for line in self.lines)

    @property
    def closing_cash_fen(self) -> int:
        return self.opening_cash_fen + self._moved(CASH)

    @property
    def closing_gift_fen(self) -> int:
        return self.opening_gift_fen + self._moved(GIFT)

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.in_fen - self.out_fen

    @property
    def bounded_lines(self) -> list[StatementLine]:
        """The lines with the balances before and after them as lines of their own."""
        end = self.last.ends_at - timedelta(seconds=1)
        return [
            _bound(BROUGHT_FORWARD, self.first.starts_at, self.opening_fen),
            *self.lines,
            _bound(CARRIED_FORWARD, end, self.closing_fen),
        ]

    def _moved(self, money: str) -> int:
        return sum(line.amount_fen for line in self.lines if line.money == money)


def statement_of(ledger: Ledger, *, first: Month, last: Month) -> Statement:
    """The ledger's movements of these months, in the order of business time.

    What paid one bill at one time is one line, however many lines the bill has.
    Source: ACC-6.
    """
    entries = Entry.objects.filter(ledger=ledger)
    before = entries.filter(journal__at__lt=first.starts_at).aggregate(
        cash=Sum("amount_fen", filter=Q(money=CASH), default=0),
        gift=Sum("amount_fen", filter=Q(money=GIFT), default=0),
    )
    moved = entries.filter(journal__at__gte=first.starts_at, journal__at__lt=last.ends_at)
    lines = _with_counterparts(_lines(moved), ledger)
    opening_fen = before["cash"] + before["gift"]
    balances = accumulate((line.amount_fen for line in lines), initial=opening_fen)
    next(balances)
    return Statement(
        ledger=ledger,
        first=first,
        last=last,
        opening_cash_fen=before["cash"],
        opening_gift_fen=before["gift"],
        lines=tuple(
            replace(line, balance_fen=balance)
            for line, balance in zip(lines, balances, strict=True)
        ),
    )


def _bound(kind: str, at: datetime, balance_fen: int) -> StatementLine:
    return StatementLine(
        journal_id=0,
        at=at,
        kind=kind,
        ref="",
        money="",
        amount_fen=0,
        balance_fen=balance_fen,
    )


def parts_to_come(ledger: Ledger) -> list[LedgerRelease]:
    """What it will receive month by month (ACC-5)."""
    parts = LedgerRelease.objects.filter(target=ledger, state=LedgerRelease.State.TO_COME)
    return list(parts.order_by("month", "id"))


def _lines(entries: QuerySet[Entry]) -> list[StatementLine]:
    rows = (
        entries.order_by("journal__at", "journal_id", "money", "bill_line__bill_id")
        .values_list(
            "journal_id",
            "journal__at",
            "journal__kind",
            "journal__ref",
            "money",
            "bill_line__bill_id",
            "bill_line__bill__month",
            "journal__payment__means",
            "journal__payment__channel__name",
        )
        .annotate(amount=Sum("amount_fen"))
    )
    return [_line(row) for row in rows if row[-1]]


def _line(row: tuple[Any, ...]) -> StatementLine:
    journal_id, at, kind, ref, money, bill_id, bill_month, means, channel, amount_fen = row
    return StatementLine(
        journal_id=journal_id,
        at=at,
        kind=kind,
        ref=ref,
        money=money,
        amount_fen=amount_fen,
        bill_id=bill_id,
        bill_month=bill_month,
        means=means or "",
        channel=channel or "",
    )


def _with_counterparts(lines: list[StatementLine], ledger: Ledger) -> list[StatementLine]:
    wanted = {line.journal_id for line in lines if line.kind in WITH_COUNTERPART}
    others = _other_ledgers(wanted, ledger)
    return [
        replace(line, counterpart=others[line.journal_id]) if line.journal_id in others else line
        for line in lines
    ]


def _other_ledgers(journal_ids: Collection[int], ledger: Ledger) -> dict[int, tuple[str, str]]:
    """Journal → the one other customer ledger in it; none where there are several."""
    if not journal_ids:
        return {}
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    entries = Entry.objects.filter(journal__in=journal_ids, ledger__account__isnull=False).exclude(
        ledger=ledger
    )
    for journal_id, code, name in entries.values_list(
        "journal_id", "ledger__account__code", "ledger__name"
    ):
        found[journal_id].add((code, name))
    return {journal_id: names.pop() for journal_id, names in found.items() if len(names) == 1}
