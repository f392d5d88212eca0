"""The command as a shell sees it: exit codes, one line for each file, a database of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from bss.embedded import addresses
from customers.models import Customer

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
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
}


@pytest.fixture
def run(tmp_path: Path, db: None):
    """Run the command on the files, from elsewhere, with nothing said about the encoding."""
    for name, text in {**FILES, "calls.csv": CALLS}.items():
        (tmp_path / name).write_text(text, "utf-8")
    url = addresses.database_url().removesuffix(addresses.DATABASE)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHONIOENCODING", "PYTHONUTF8"))
    } | {"LC_ALL": "C", "DATABASE_URL": url + quote(connection.settings_dict["NAME"])}

    def run_command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(MANAGE), "scenario", *arguments]
        return subprocess.run(
            command, capture_output=True, check=False, cwd=tmp_path, env=environment, timeout=300
        )

    return run_command


def scratch_databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [f"{connection.settings_dict['NAME']}_scratch"],
        )
        return [name for (name,) in cursor.fetchall()]


def test_each_good_file_has_a_line_on_stdout_and_each_bad_one_a_line_on_stderr(run) -> None:
    # when
    done = run("good.yaml", "late.yaml", "other.yaml", "list.yaml", "absent.yaml", "--json")

    # then
    assert done.returncode == 2
    good, other = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (good["name"], good["ok"], good["mismatches"]) == ("王芳的固话", True, [])
    assert good["outcome"]["usage"] == {"records": 1, "rated": 1, "rejected": {}}
    assert other["mismatches"] == ["bills.f1.2026-09.total: expected '25.00', got '25.22'"]
    assert done.stderr.decode().splitlines() == [
        "late.yaml: rules: 'none' is not of type 'array'",
        "list.yaml: top level: [1] is not of type 'object'",
        "absent.yaml: cannot be opened: No such file or directory",
    ]


def test_an_expectation_that_does_not_hold_is_exit_1_and_leaves_no_trace(run) -> None:
    # when
    done = run("other.yaml", "good.yaml", "--json")

    # then
    assert (done.returncode, done.stderr) == (1, b"")
    assert len(done.stdout.splitlines()) == 2
    assert len(scratch_databases()) == 1
    assert not Customer.objects.exists()


def test_all_that_holds_is_exit_0_with_a_report_to_read(run) -> None:
    # when
    done = run("good.yaml")

    # then
    assert (done.returncode, done.stderr) == (0, b"")
    assert "王芳的固话" in done.stdout.decode()
    assert "f1 PLAN_FEE 25.00" in done.stdout.decode()
