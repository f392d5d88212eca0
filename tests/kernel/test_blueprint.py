"""An empty database laid down from its blueprint is the database that all migrations make."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bss.kernel import blueprint, dumps

HOUSE = Path(__file__).resolve().parents[2]
TELL = """
from bss.kernel import blueprint, dumps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
print(executor.migration_plan(executor.loader.graph.leaf_nodes()), dumps.filled_tables(),
      len(connection.introspection.table_names()))
"""


def manage(data: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HOUSE,
        env={**os.environ, "BSS_DATA": str(data)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.thorough
def test_a_database_from_the_blueprint_is_the_migrated_one():
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        manage(Path(one), "migrate", "-v0")
        first = manage(Path(one), "shell", "-v0", "-c", TELL)
        said = manage(Path(two), "migrate")

        assert "No migrations to apply" in said
        assert manage(Path(two), "shell", "-v0", "-c", TELL) == first
        assert first.startswith("[] [] ")


def test_a_file_of_fewer_migrations_is_laid_down_and_the_rest_is_run(monkeypatch, tmp_path):
    drawn = {"customers/0001_initial.py": "a", "billing/0001_initial.py": "b"}
    other = {"customers/0001_initial.py": "z"}
    laid = []
    monkeypatch.setattr(blueprint, "KEPT", tmp_path)
    monkeypatch.setattr(dumps, "replay", lambda file: laid.append(file.name))
    (tmp_path / "drawn.json").write_text(json.dumps(drawn))
    (tmp_path / "other.json").write_text(json.dumps(other))

    monkeypatch.setattr(blueprint, "parts", lambda: drawn | {"billing/0002_more.py": "c"})
    assert not blueprint.lay_down()
    monkeypatch.setattr(blueprint, "parts", lambda: drawn)
    assert blueprint.lay_down()
    monkeypatch.setattr(blueprint, "parts", lambda: drawn | {"billing/0001_initial.py": "edited"})
    assert not blueprint.lay_down()

    assert laid == ["drawn.dump", "drawn.dump"]


def test_the_last_few_states_are_kept_and_older_ones_go(monkeypatch, tmp_path):
    monkeypatch.setattr(blueprint, "KEPT", tmp_path)
    monkeypatch.setattr(dumps, "back_up", lambda file: file.write_text("dump"))
    for number in range(blueprint.MOST_KEPT + 2):
        monkeypatch.setattr(blueprint, "state", lambda number=number: f"state-{number}")
        assert not blueprint.is_kept()
        blueprint.keep()
        os.utime(tmp_path / f"state-{number}.json", (number, number))

    assert blueprint.is_kept()
    last = {f"state-{number}" for number in range(2, blueprint.MOST_KEPT + 2)}
    assert {file.stem for file in tmp_path.glob("*.json")} == last
    assert {file.name for file in tmp_path.iterdir()} == {
        f"{state}.{kind}" for state in last for kind in ("dump", "json")
    }
