"""What prepayments' invoices cover of the bills that their money has paid (BIL-3)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection


def cover_prepaid(*, account_ids: Collection[int], at: datetime) -> None:
    """Note it for these accounts, the oldest bill first; again, it does nothing.

    Locks: the caller holds the accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_cover_prepaid(%s::bigint[], %s)", [list(account_ids), at])
