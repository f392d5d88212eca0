"""Tryton for as long as it is used: its virtual environment, its configuration, its database."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

HERE = Path(__file__).parent
DATABASE = "tryton_scratch"
MODULE = "sale_subscription"


class NotToBeHadError(Exception):
    """The packages cannot be fetched here: no network, no index."""


@contextmanager
def tryton() -> Iterator["Tryton"]:
    """Raises: NotToBeHadError; CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="wo-bss-tryton-") as folder:
        apart = Tryton(Path(folder))
        apart.install()
        with _database():
            apart.activate()
            yield apart


class Tryton:
    """One installation in one folder."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "venv" / "bin"
        self.folder = folder
        self.config = folder / "trytond.conf"

    def install(self) -> None:
        """From the hashed lock, and from nothing else."""
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        fetched = subprocess.run(
            [self.programs / "python", "-m", "pip", "install", "--quiet", "--no-deps",
             "--disable-pip-version-check", "--retries", "1", "--timeout", "20",
             "--require-hashes", "-r", HERE / "requirements.lock"],
            capture_output=True, text=True,
        )  # fmt: skip
        if fetched.returncode and "HASHES" not in fetched.stderr:
            raise NotToBeHadError(fetched.stderr.strip().splitlines()[-1])
        fetched.check_returncode()

    def activate(self) -> None:
        """The tables of the subscriptions' module and of all that it needs.

        With a queue that nobody empties: what Tryton prints of an invoice is no part of the month.
        """
        self.config.write_text("[database]\nuri = postgresql:///\n[queue]\nworker = True\n")
        secret = self.folder / "secret"
        secret.write_text("of-a-scratch-database")
        self._run(
            self.programs / "trytond-admin", "-c", self.config, "-d", DATABASE, "-u", MODULE,
            "--activate-dependencies", "-m", "--email", "bench@example.org",
            TRYTONPASSFILE=str(secret),
        )  # fmt: skip

    def month(self, *, accounts: int, lines: int) -> dict[str, Any]:
        """What ``month`` tells of so many accounts with so many lines each."""
        said = self._run(
            self.programs / "python", HERE / "month.py",
            DATABASE, self.config, str(accounts), str(lines),
        )  # fmt: skip
        told: dict[str, Any] = json.loads(said.splitlines()[-1])
        return told

    def _run(self, *command: "str | Path", **more: str) -> str:
        server = connection.settings_dict
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PGHOST": str(server["HOST"]),
                "PGUSER": str(server["USER"]),
                "TRYTOND_CONFIG": str(self.config),
                **more,
            },
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return ran.stdout


@contextmanager
def _database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
