"""Which ledger pays which bill line.

Source: ACC-2, ACC-3. The set-based twin is the SQL function ``billing_allocate``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

CASH = "cash"
GIFT = "gift"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingLedger:
    """A ledger with its money; a scope key of None is not named and covers everything."""

    id: int
    gift_fen: int
    cash_fen: int
    opened_at: datetime
    is_public: bool = False
    subscriptions: frozenset[int] | None = None
    services: frozenset[str] | None = None
    items: frozenset[str] | None = None
    expires_on: date | None = None

    @property
    def keys(self) -> int:
        return sum(key is not None for key in (self.subscriptions, self.services, self.items))

    def covers(self, line: "DueLine") -> bool:
        """Whether the line fits every key that the scope names."""
        return (
            (self.subscriptions is None or line.subscription in self.subscriptions)
            and (self.services is None or line.service in self.services)
            and (self.items is None or line.item in self.items)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """A line with something due; lines come in the order of payment."""

    id: int
    subscription: int | None
    service: str | None
    item: str
    due_fen: int


class Allocation(NamedTuple):
    """What one ledger pays of one line."""

    line: int
    ledger: int
    money: str
    amount_fen: int


def in_order(ledgers: Sequence[PayingLedger], *, on: date) -> list[PayingLedger]:
    """Those that may pay on the day: narrowest scope, earliest expiry, oldest; the public last."""
    paying = [row for row in ledgers if row.expires_on is None or row.expires_on >= on]
    return sorted(
        paying,
        key=lambda row: (
            row.is_public,
            -row.keys,
            row.expires_on or date.max,
            row.opened_at,
            row.id,
        ),
    )


def allocate(
    lines: Sequence[DueLine], ledgers: Sequence[PayingLedger], *, on: date
) -> list[Allocation]:
    """Pay the lines one after the other as far as the ledgers reach, gift before cash."""
    left = {(row.id, GIFT): row.gift_fen for row in ledgers}
    left |= {(row.id, CASH): row.cash_fen for row in ledgers}
    order = in_order(ledgers, on=on)
    found = []
    for line in lines:
        due_fen = line.due_fen
        for ledger in order:
            if not ledger.covers(line):
                continue
            for money in (GIFT, CASH):
                amount_fen = min(due_fen, left[ledger.id, money])
                if amount_fen:
                    found.append(Allocation(line.id, ledger.id, money, amount_fen))
                    left[ledger.id, money] -= amount_fen
                    due_fen -= amount_fen
    return found
