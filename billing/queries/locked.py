"""The one place where billing takes locks, always in the order of the primary key."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from billing.models import Account, Shift
from bss.kernel.periods import Month

_KEYS = 0x0B11
_BOOKS = 0x0B12
_CREDIT = 0x0B13
_RECEIPTS = 0x0B14


def lock_accounts(account_ids: Collection[int]) -> dict[int, Account]:
    """The accounts, locked: whoever moves an account's money holds its row.

    Locks: the accounts' rows, in the order of their ids.
    """
    rows = Account.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
    return {row.pk: row for row in rows.filter(pk__in=account_ids).order_by("pk")}


def lock_account(account_id: int) -> Account:
    """One account, locked. Raises: Account.DoesNotExist."""
    locked = lock_accounts([account_id])
    if account_id not in locked:
        raise Account.DoesNotExist(f"there is no account {account_id}")
    return locked[account_id]


def hold_accounts(account_ids: Collection[int]) -> None:
    """The same locks for a set of any size; nothing is read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM billing_account WHERE id = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE) AS held",
            [list(account_ids)],
        )


def lock_key(key: str) -> None:
    """Let one transaction at a time look at an idempotency key, also before it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_KEYS, key])


def lock_books(month: Month, *, shared: bool = False) -> None:
    """Hold a month's books: shared to write into the month, alone to start or close it."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_BOOKS, month.year * 12 + month.number])


def lock_credit_run() -> None:
    """One credit run at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_CREDIT])


def lock_shifts(shift_ids: Collection[int]) -> dict[int, Shift]:
    """Shifts, locked: whoever moves a drawer's money or counts it holds its row.

    Locks: the shifts' rows, in the order of their ids; after a key, before accounts.
    """
    rows = Shift.objects.select_for_update(no_key=True, of=("self",)).select_related("cashier")
    return {row.pk: row for row in rows.filter(pk__in=shift_ids).order_by("pk")}


def lock_receipts(channel_id: int, day: date) -> None:
    """One receipt at a time of a hall and day, so that its numbers have no gap; taken last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_RECEIPTS, f"{channel_id} {day}"]
        )
