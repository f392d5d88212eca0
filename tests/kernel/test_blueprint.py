"""An empty database laid down from its blueprint is the database that all migrations make."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

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
