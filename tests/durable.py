"""Servers of one's own with everything durable, gone at the end: for benchmarks and chaos.

Those of ``make test`` write nothing through to the disk; a figure or a kill would prove nothing.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2

from bss.embedded.addresses import DATABASE, ROLE
from bss.embedded.attach import attach, wait_until_left
from bss.embedded.places import CHECKOUT, Places

OTHER_SERVERS = ("DATABASE_URL", "REDIS_URL", "BUSINESS_TIME")


@contextmanager
def durable_servers(*, prefix: str) -> Iterator[Places]:
    """Fresh servers as ``make run`` has them, with a database that all migrations have made."""
    places = Places(Path(tempfile.mkdtemp(prefix=prefix)).resolve())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the place is cleared up
    try:
        with closing(attach(places)):
            manage(places, DATABASE, "migrate", "--verbosity", "0")
            yield places
        wait_until_left(places)
    finally:
        shutil.rmtree(places.root, ignore_errors=True)
        shutil.rmtree(places.sockets, ignore_errors=True)


def environment(places: Places, database: str) -> dict[str, str]:
    """What a process needs to work on one database of these servers."""
    plain = {name: value for name, value in os.environ.items() if name not in OTHER_SERVERS}
    sockets = quote(str(places.sockets), safe="")
    return plain | {
        "BSS_DATA": str(places.root),
        "DATABASE_URL": f"postgres://{ROLE}@{sockets}/{database}",
        "DJANGO_SETTINGS_MODULE": "bss.settings",
    }


def manage(places: Places, database: str, *arguments: str) -> None:
    """A ``manage.py`` command on one database. Raises: CalledProcessError."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=environment(places, database),
        check=True,
    )


@contextmanager
def copy_of(places: Places, name: str, *, template: str = DATABASE) -> Iterator[str]:
    """A database made from another one for as long as it is used; give its name."""
    make_copy(places, name, template=template)
    try:
        yield name
    finally:
        drop(places, name)


def make_copy(places: Places, name: str, *, template: str = DATABASE) -> None:
    """With a checkpoint, without which a crash sets a copied sequence back to its template's value.

    The copy believes that its next values stand in the log already: those of the template do.
    """
    _say(places, f"CREATE DATABASE {name} TEMPLATE {template}", "CHECKPOINT")


def drop(places: Places, name: str) -> None:
    _say(places, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def connect(places: Places, database: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(host=str(places.sockets), user=ROLE, dbname=database)


def _say(places: Places, *statements: str) -> None:
    with closing(connect(places, "postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
