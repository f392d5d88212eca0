"""Slots: copies of the prepared scratch database, so that calls side by side do not wait.

Whoever holds a slot's advisory lock uses the slot. The lock ends with its connection, so a killed
call leaves its slot free.
"""

import os
from typing import Final

from django.db.backends.utils import CursorWrapper

SLOTS: Final = 4
_SLOT: Final = 0x5C2A7C5


def take_slot(cursor: CursorWrapper, *, prepared: str) -> str:
    """Lock a free slot until the cursor's connection ends; give its database's name.

    When all are taken, wait for one of them.
    """
    names = [f"{prepared}_{number}" for number in range(1, SLOTS + 1)]
    for name in names:
        if _locked(cursor, name):
            return name
    name = names[os.getpid() % SLOTS]
    cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_SLOT, name])
    return name


def make_slot(cursor: CursorWrapper, *, slot: str, prepared: str) -> None:
    """Copy the prepared database unless the slot has it; end what a killed call still does there.

    Locks: the caller holds the slot.
    """
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user",
        [slot],
    )
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [slot])
    if cursor.fetchone() is None:
        cursor.execute(f'CREATE DATABASE "{slot}" TEMPLATE "{prepared}"')


def drop_unused(cursor: CursorWrapper, *, prefix: str) -> None:
    """Drop the databases of this prefix that nobody holds as a slot or is connected to."""
    cursor.execute(
        "SELECT datname FROM pg_database d WHERE starts_with(datname, %s) AND NOT EXISTS"
        " (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
        [prefix],
    )
    for (name,) in cursor.fetchall():
        if _locked(cursor, name):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_SLOT, name])


def _locked(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_SLOT, name])
    return bool(cursor.fetchone()[0])
