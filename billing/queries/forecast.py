"""What money would do before it is taken: which bills it pays, in which order, what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import F

from billing.models import Bill, BillLine, Ledger
from billing.rules.payment_order import DueLine, PayingLedger, allocate

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillShare:
    """One unpaid bill, and what of it would be paid. Units: fen."""

    bill: Bill
    due_fen: int
    pays_fen: int

    @property
    def left_fen(self) -> int:
        return self.due_fen - self.pays_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a payment comes to. Units: fen."""

    amount_fen: int
    bills: tuple[BillShare, ...]
    balance_fen: int

    @property
    def pays_fen(self) -> int:
        return sum(share.pays_fen for share in self.bills)

    @property
    def left_fen(self) -> int:
        return sum(share.left_fen for share in self.bills)


def forecast(
    account_id: int, *, amount_fen: int, on: date, ledger_name: str | None = None
) -> Forecast:
    """What the account's bills and balance would be after a payment into one of its ledgers.

    Source: ACC-3, by the same rule as the set-based payment. Nothing is written.
    """
    lines = list(
        BillLine.objects.filter(bill__account=account_id, paid_fen__lt=F("amount_fen"))
        .select_related("bill", "subscription")
        .order_by(F("bill__month").asc(nulls_first=True), "bill_id", "position")
    )
    ledgers = list(Ledger.objects.filter(account=account_id))
    paid_into = [row for row in ledgers if _is_target(row, ledger_name)]
    taken = allocate(
        [_due(line) for line in lines],
        [_paying(row, more_fen=amount_fen if row in paid_into else 0) for row in ledgers],
        on=on,
    )
    by_line: dict[int, int] = {}
    for part in taken:
        by_line[part.line] = by_line.get(part.line, 0) + part.amount_fen
    held_fen = sum(row.cash_fen + row.gift_fen for row in ledgers) + amount_fen
    return Forecast(
        amount_fen=amount_fen,
        bills=tuple(_shares(lines, by_line)),
        balance_fen=held_fen - sum(by_line.values()),
    )


def _shares(lines: Sequence[BillLine], by_line: dict[int, int]) -> list[BillShare]:
    bills = {line.bill_id: line.bill for line in lines}
    return [
        BillShare(
            bill=bill,
            due_fen=bill.due_fen,
            pays_fen=sum(by_line.get(line.pk, 0) for line in lines if line.bill_id == key),
        )
        for key, bill in bills.items()
    ]


def _is_target(ledger: Ledger, name: str | None) -> bool:
    return ledger.kind == Ledger.Kind.PUBLIC if name is None else ledger.name == name


def _due(line: BillLine) -> DueLine:
    return DueLine(
        id=line.pk,
        subscription=line.subscription_id,
        service=line.subscription.service if line.subscription else None,
        item=line.item,
        due_fen=line.due_fen,
    )


def _paying(ledger: Ledger, *, more_fen: int) -> PayingLedger:
    return PayingLedger(
        id=ledger.pk,
        gift_fen=ledger.gift_fen,
        cash_fen=ledger.cash_fen + more_fen,
        opened_at=ledger.opened_at,
        is_public=ledger.kind == Ledger.Kind.PUBLIC,
        subscriptions=_key(ledger.scope_subscriptions),
        services=_key(ledger.scope_services),
        items=_key(ledger.scope_items),
        expires_on=ledger.expires_on,
    )


def _key(values: Sequence[Key] | None) -> frozenset[Key] | None:
    return None if values is None else frozenset(values)
