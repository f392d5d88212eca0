"""Payments of a file: booked together and settled together, in one step of the audit."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.batch.book_payments import BOOKED, SAME, Booked, Coming, book_payments
from billing.services.settlement import settle

__all__ = ["Booked", "Coming", "book_and_settle", "is_taken"]


@transaction.atomic
def book_and_settle(
    coming: Sequence[Coming],
    *,
    means: str,
    source_id: int,
    channel_id: int,
    at: datetime,
    by_id: int | None = None,
) -> dict[str, Booked]:
    """Key → what became of it; what came in pays bills at once, the rest stays on the account.

    Source: PAY-1, ACC-3. Locks: the accounts, their ledgers, subscriptions whose stop ends.
    """
    booked = book_payments(
        coming, means=means, source_id=source_id, channel_id=channel_id, at=at, by_id=by_id
    )
    new = {one.account_id for one in coming if booked[one.key].outcome == BOOKED}
    if new:
        settle(account_ids=new, at=at, by_id=by_id)
    return booked


def is_taken(booked: Booked | None) -> bool:
    """Whether the money is in the account that it was for."""
    return booked is not None and booked.outcome in (BOOKED, SAME)
