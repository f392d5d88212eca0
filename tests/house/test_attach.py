import subprocess
import sys

import pytest

from bss.embedded.attach import needs_servers
from bss.embedded.places import CHECKOUT


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["migrate"], True),
        (["scenario", "file.yaml"], True),
        (["makemigrations", "--check"], True),
        (["collectstatic", "--noinput"], False),
        (["compilemessages"], False),
        (["migrate", "--help"], False),
        (["help", "migrate"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_servers_are_started_for_commands_that_need_them(arguments, answer):
    assert needs_servers(["manage.py", *arguments]) is answer


def test_own_servers_of_the_user_replace_the_embedded_ones(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://bss@db.example/bss")
    assert needs_servers(["manage.py", "migrate"])

    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    assert not needs_servers(["manage.py", "migrate"])


def test_command_starts_the_servers_for_its_own_duration(home, monkeypatch):
    monkeypatch.setenv("BSS_DATA", str(home.root))
    program = "from django.db import connection; connection.ensure_connection(); print('found')"

    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr


def test_unwritable_place_is_one_sentence(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("BSS_DATA", str(in_the_way / "data"))

    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=CHECKOUT, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr == f"{in_the_way}/data cannot be written: Not a directory.\n"
