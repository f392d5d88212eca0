"""The scratch database: its own on the same server, migrated, reference data only, always empty.

Nothing a scenario does is ever committed there: each file runs in one transaction that is rolled
back, so the database is as empty after a file as before it, whatever happened (ADR 0004). Each
call has a copy of its own, a slot, so that calls side by side do not wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import ProgrammingError

from bss.kernel import blueprint
from bss.kernel.errors import BadInputError
from bss.scenario.slots import drop_unused, make_slot, take_slot

_BUILDING = 0x5C2A7C4


class _RollBackError(Exception):
    """Leaves the file's transaction without a trace."""


@contextmanager
def scratch_database() -> Iterator[None]:
    """Point this process at a slot, made first when the migrations have changed.

    A second connection holds the slot's lock meanwhile.
    Raises: BadInputError when the database role may not create databases.
    """
    product = connection.settings_dict["NAME"]
    prepared = f"{product}_scratch_{blueprint.state()}"
    keeper = connection.copy()
    try:
        with keeper.cursor() as cursor:
            slot = take_slot(cursor, prepared=prepared)
            _build(cursor, slot=slot, prepared=prepared)
        _connect_to(slot)
        yield
    finally:
        _connect_to(product)
        keeper.close()


@contextmanager
def nothing_lasts() -> Iterator[None]:
    """Run the body in a transaction that is always rolled back."""
    try:
        with transaction.atomic():
            yield
            raise _RollBackError
    except _RollBackError:
        pass


def settle() -> None:
    """Check deferred constraints as a commit would, and wait for the next step with them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _build(cursor: CursorWrapper, *, slot: str, prepared: str) -> None:
    """Make the prepared database and the slot once, whoever asks first."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [_BUILDING])
    try:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [prepared])
        if cursor.fetchone() is None:
            drop_unused(cursor, prefix=prepared.rpartition("_")[0])
            _create(cursor, prepared)
        make_slot(cursor, slot=slot, prepared=prepared)
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_BUILDING])


def _create(cursor: CursorWrapper, name: str) -> None:
    """Migrate under a working name and rename when whole, so that half a build is never used."""
    working = f"{name}_new"
    cursor.execute(f'DROP DATABASE IF EXISTS "{working}" WITH (FORCE)')
    try:
        cursor.execute(f'CREATE DATABASE "{working}"')
    except ProgrammingError as error:
        raise BadInputError(
            ("DATABASE_URL", "its role may not create the scratch database; grant it CREATEDB")
        ) from error
    product = connection.settings_dict["NAME"]
    _connect_to(working)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _connect_to(product)
    cursor.execute(f'ALTER DATABASE "{working}" RENAME TO "{name}"')


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
