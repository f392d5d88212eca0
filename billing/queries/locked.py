"""The one place where billing takes locks, always in the order of the primary key."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection

from billing.models import Account, GatewayOrder, Shift
from bss.kernel.periods import Month

_KEYS = 0x0B11
_BOOKS = 0x0B12
_CREDIT = 0x0B13
_SENDERS = 0x0B18
_RECEIPTS = 0x0B14
_FILES = 0x0B16
_DEBITS = 0x0B17
_UPLOADS = 0x0B19


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


@contextmanager
def alone_in_the_credit_run() -> Iterator[None]:
    """One credit run at a time, over its many transactions; a second one waits for the first.

    Locks: the session, not a transaction: a killed process gives it back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [_CREDIT])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [_CREDIT])


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


@contextmanager
def hold_file(sha256: str) -> Iterator[None]:
    """One taker of a bank's file at a time, over all of its transactions; ends with the connection.

    Whoever brings the same file meanwhile waits, and then sees what became of it.
    """
    key: tuple[int, str] = (_FILES, sha256)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", key)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)


@contextmanager
def hold_upload(upload_id: int) -> Iterator[bool]:
    """One worker at a time has an uploaded file; whether it is this one.

    Locks: the session, not a transaction: a killed process gives it back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_UPLOADS, upload_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_UPLOADS, upload_id])


def lock_debits(bank: str) -> None:
    """One batch at a time is drawn up for a bank, so that its numbers have no gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_DEBITS, bank])


def lock_gateway_order(gateway: str, number: str) -> GatewayOrder | None:
    """A QR order, locked; before keys and accounts. None when there is no such order."""
    rows = GatewayOrder.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(gateway=gateway, number=number).first()


@contextmanager
def alone_with(medium: str) -> Iterator[bool]:
    """One sender of a medium at a time; whether it is this one. Ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_SENDERS, medium])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_SENDERS, medium])
