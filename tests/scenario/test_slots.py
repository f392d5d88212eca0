"""Calls side by side: each in a copy of its own; none waits, and a killed one leaves nothing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import OperationalError

from bss.scenario.slots import SLOTS, take_slot
from tests.scenario.conftest import ROOT

# A call in the midst of a file: its customers and numbers are written, its transaction is open.
IN_THE_MIDST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import django
django.setup()
from pathlib import Path
from bss.scenario.reader import read_scenario
from bss.scenario.references import check_references
from bss.scenario.scratch import nothing_lasts, scratch_database
from bss.scenario.setup import set_the_scene
scenario = read_scenario(Path("good.yaml"))
with scratch_database(), nothing_lasts():
    set_the_scene(scenario, check_references(scenario))
    print("in the midst", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def in_the_midst(
    files: Path, environment: dict[str, str]
) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start another call and come back when it is in the midst of a file; it stays there."""
    with ExitStack() as ended:

        def begin() -> subprocess.Popen[str]:
            other = ended.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", IN_THE_MIDST],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=files,
                    env={"DJANGO_SETTINGS_MODULE": "bss.settings", **environment},
                )
            )
            ended.callback(other.kill)
            assert other.stdout is not None
            assert other.stdout.readline() == "in the midst\n"
            return other

        yield begin


def test_a_call_is_through_while_another_is_in_the_midst_of_the_same_file(
    run, in_the_midst
) -> None:
    # given
    other = in_the_midst()

    # when
    done = run("good.yaml", "other.yaml", "--json")

    # then
    assert (done.returncode, done.stderr) == (1, b"")
    assert other.poll() is None
    alone, _ = other.communicate("go on\n", timeout=300)
    assert (alone, other.returncode) == ("", 0)
    assert run("good.yaml", "other.yaml", "--json").stdout == done.stdout


def test_a_call_killed_in_the_midst_leaves_nothing_that_a_later_one_trips_over(
    run, in_the_midst, scratch_databases
) -> None:
    # given
    killed = in_the_midst()
    killed.kill()
    killed.wait()

    # when
    done = run("good.yaml")

    # then
    assert (done.returncode, done.stderr) == (0, b"")
    assert scratch_databases() <= {"", "_1", "_2"}


@pytest.mark.django_db
def test_one_call_more_than_slots_waits_for_a_slot() -> None:
    with ExitStack() as closed:
        # given
        cursors = []
        for _ in range(SLOTS + 1):
            keeper = connection.copy()
            closed.callback(keeper.close)
            cursors.append(closed.enter_context(keeper.cursor()))
        last = cursors.pop()

        # when
        taken = [take_slot(cursor, prepared="p") for cursor in cursors]

        # then
        assert taken == ["p_1", "p_2", "p_3", "p_4"]
        last.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            take_slot(last, prepared="p")
        cursors[2].execute("SELECT pg_advisory_unlock_all()")  # as the end of its connection does
        assert take_slot(last, prepared="p") == "p_3"
