"""Whole copies of the database in one file, by PostgreSQL's own tools.

The field key is not in the file: keep it apart, but keep it, or encrypted fields stay unread.
"""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from bss.embedded.programs import installed
from bss.kernel.errors import BadInputError

EMPTY_THE_DATABASE = (
    b"SET client_min_messages = warning; BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
)


def back_up(file: Path) -> None:
    """Write a consistent copy, readable by its owner only; ``file`` is replaced once it is whole.

    Raises: BadInputError.
    """
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.touch(mode=0o600)
        address, environment = _address()
        options = ["--format", "custom", "--no-owner", "--no-privileges", "--file", str(fresh)]
        _run(["pg_dump", *options, *address], environment)
        fresh.rename(file)
    except OSError as error:
        raise BadInputError(("file", f"{file} cannot be written: {error.strerror}.")) from error
    finally:
        fresh.unlink(missing_ok=True)


def restore(file: Path, *, replace: bool) -> None:
    """Make the database what ``file`` says, in one transaction.

    Raises: BadInputError, when the file is not a backup, or the database holds something already
        and ``replace`` is not given; nothing is changed then.
    """
    if not file.is_file():
        raise BadInputError(("file", f"{file} is not there."))
    _run(["pg_restore", "--list", str(file)], {})
    if not replace and (filled := filled_tables()):
        raise BadInputError(
            ("", f"The database is not empty ({len(filled)} tables hold rows); "
                 "with --replace all of it is dropped for the backup.")
        )  # fmt: skip
    connection.close()
    replay(file)


def filled_tables() -> list[str]:
    """The tables that hold rows, those apart that migrating fills."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - settings.FILLED_BY_MIGRATIONS
        filled = []
        for table in sorted(tables):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")
            if cursor.fetchone()[0]:
                filled.append(table)
    return filled


def replay(file: Path) -> None:
    """Feed the backup to psql; the COMMIT follows only when all of it could be read."""
    address, environment = _address()
    psql = [_program("psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
            "--output", "/dev/null", *address]  # fmt: skip
    with (
        subprocess.Popen(
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file", "-", str(file)],
            stdout=subprocess.PIPE,
        ) as reader,
        subprocess.Popen(
            psql, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as writer,
    ):
        assert reader.stdout is not None
        assert writer.stdin is not None
        assert writer.stderr is not None
        try:
            writer.stdin.write(EMPTY_THE_DATABASE)
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if reader.wait() == 0:
                writer.stdin.write(b"\nCOMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:
            reader.kill()
        complaint = writer.stderr.read().decode(errors="replace").strip()
    if reader.returncode or writer.returncode:
        raise BadInputError(("file", f"{file} could not be restored; nothing changed. {complaint}"))


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [_program(command[0]), *command[1:]],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise BadInputError(("file", f"{command[0]}: {done.stderr.strip()}"))


def _program(name: str) -> str:
    return installed().postgres(name)


def _address() -> tuple[list[str], dict[str, str]]:
    """The connection as command-line arguments and environment of PostgreSQL's tools."""
    words, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return list(words[1:]), {name: str(value) for name, value in (environment or {}).items()}
