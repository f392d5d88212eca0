"""Runs of the command as a shell starts them, and the names of the scratch databases they left."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from bss.embedded import addresses

ROOT = Path(__file__).resolve().parents[2]
SCENE = """
name: 王芳的固话
customers:
  c1: {kind: individual, name: 王芳}
subscriptions:
  f1: {owner: c1, service: fixed, number: "01062000001", plan: FIXED-STD, since: 2026-01-01}
timeline:
  - {at: 2026-09-30T09:00, usage: {file: calls.csv}}
  - {at: 2026-10-03T02:00, close_month: 2026-09}
expect: {bills: {f1: {2026-09: {total: "%s"}}}}
"""
CALLS = """record_id,service_number,call_type,other_number,start_at,duration_s
r1,01062000001,mo,88880001,2026-09-10T09:00,60
"""
FILES = {
    "good.yaml": SCENE % "25.22",
    "other.yaml": SCENE % "25.00",
    "late.yaml": SCENE % "25.22" + "rules: none\n",
    "list.yaml": "- 1\n",
    "calls.csv": CALLS,
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder with the scenario files."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def environment(db: None) -> dict[str, str]:
    """This test's database, and nothing said about the encoding."""
    url = addresses.database_url().removesuffix(addresses.DATABASE)
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHONIOENCODING", "PYTHONUTF8"))
    } | {"LC_ALL": "C", "DATABASE_URL": url + quote(connection.settings_dict["NAME"])}


@pytest.fixture
def run(
    files: Path, environment: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command on the files, from elsewhere."""

    def run_command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), "scenario", *arguments]
        return subprocess.run(
            command, capture_output=True, check=False, cwd=files, env=environment, timeout=300
        )

    return run_command


@pytest.fixture
def scratch_databases(db: None) -> Callable[[], set[str]]:
    """What this test's database has of scratch databases, by what their names end in."""

    def found() -> set[str]:
        prefix = f"{connection.settings_dict['NAME']}_scratch_"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substr(datname, %s + 13) FROM pg_database WHERE starts_with(datname, %s)",
                [len(prefix), prefix],
            )
            return {end for (end,) in cursor.fetchall()}

    return found
