"""Payments booked by one statement: a single one, or what a bank or a gateway reports in a file.

``billing.services.payments.pay`` books its one with it. Of a file the audit has one entry for the
step, which the caller writes (``audit.as_one``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.batch import sql
from billing.queries.locked import hold_accounts

BOOKED, SAME, CLASH, UNKNOWN = "booked", "same", "clash", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One payment to come in; without a ledger, into the account's public one. Units: fen."""

    key: str
    account_id: int
    amount_fen: int
    ledger_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What became of one: booked now, the same as before, a clash of keys, or no such account.

    ``ledger_id`` is the one that was asked for.
    """

    outcome: str
    payment_id: int | None
    journal_id: int | None
    ledger_id: int | None


def book_payments(
    coming: Sequence[Coming],
    *,
    means: str,
    source_id: int,
    channel_id: int,
    at: datetime,
    by_id: int | None = None,
) -> dict[str, Booked]:
    """Key → what became of it; of a key that comes twice the first counts. Bills are not paid yet.

    ``source_id`` is the house ledger that the money came in by. The caller settles the accounts
    (``billing.services.settlement.settle``) in the same transaction.
    Source: PAY-1, ACC-4, ACC-6.
    Locks:  the accounts, then their ledgers.
    """
    if not coming:
        return {}
    hold_accounts({one.account_id for one in coming})
    return book_held(
        coming, means=means, source_id=source_id, channel_id=channel_id, at=at, by_id=by_id
    )


def book_held(
    coming: Sequence[Coming],
    *,
    means: str,
    source_id: int,
    channel_id: int,
    at: datetime,
    by_id: int | None = None,
) -> dict[str, Booked]:
    """As ``book_payments``, for a caller who holds the accounts already."""
    rows = sql.run(
        "book_payments",
        {
            "keys": [one.key for one in coming],
            "accounts": [one.account_id for one in coming],
            "amounts": [one.amount_fen for one in coming],
            "ledgers": [one.ledger_id for one in coming],
            "numbers": [one.number for one in coming],
            "means": means,
            "source": source_id,
            "channel": channel_id,
            "by": by_id,
            "at": at,
        },
    )
    return {
        coming[place - 1].key: Booked(
            outcome=outcome, payment_id=payment_id, journal_id=journal_id, ledger_id=ledger_id
        )
        for place, payment_id, journal_id, ledger_id, outcome in rows
    }
