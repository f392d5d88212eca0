"""The scratch database: its own on the same server, migrated, reference data only, always empty.

Nothing a scenario does is ever committed there: each file runs in one transaction that is rolled
back, so the database is as empty after a file as before it, whatever happened (ADR 0004).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import ProgrammingError

from bss.kernel.errors import BadInputError

_BUILDING = 0x5C2A7C4


class _RollBackError(Exception):
    """Leaves the file's transaction without a trace."""


@contextmanager
def scratch_database() -> Iterator[None]:
    """Point this process at the scratch database, built first when the migrations have changed.

    Raises: BadInputError when the database role may not create databases.
    """
    product = connection.settings_dict["NAME"]
    name = f"{product}_scratch_{_migration_state()}"
    _build(name)
    _connect_to(name)
    try:
        yield
    finally:
        _connect_to(product)


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


def _build(name: str) -> None:
    """Make the database once, whoever asks first; a second connection holds the lock meanwhile."""
    keeper = connection.copy()
    try:
        with keeper.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_BUILDING])
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                _drop_earlier(cursor, prefix=name.rpartition("_")[0])
                _create(cursor, name)
    finally:
        keeper.close()


def _create(cursor: CursorWrapper, name: str) -> None:
    """Migrate under a working name and rename when whole, so that half a build is never used."""
    working = f"{name}_new"
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


def _drop_earlier(cursor: CursorWrapper, *, prefix: str) -> None:
    """Drop scratch databases of other migration states that nobody is connected to."""
    cursor.execute(
        "SELECT datname FROM pg_database d WHERE starts_with(datname, %s) AND NOT EXISTS"
        " (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
        [prefix],
    )
    for (other,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE IF EXISTS "{other}"')


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _migration_state() -> str:
    """A digest of every migration file there is."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
