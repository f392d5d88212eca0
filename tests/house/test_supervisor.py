"""``make run`` as a real process: up, recovered, stopped."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from bss.embedded import processes
from bss.embedded.attach import kept
from bss.embedded.places import CHECKOUT
from tests.house.running import House, a_place, free_port

UP_PATIENCE_S = 240


@pytest.fixture(scope="module")
def house():
    """The servers of this module's runs: the first one migrates, the next find it."""
    with a_place() as places:
        yield House(places, port=free_port(), log=places.root / "run.log")


def ignore_stop_signals():
    """As a shell's background job and nohup do."""
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(sig, signal.SIG_IGN)


def start(house):
    with house.log.open("wb") as sink:
        return subprocess.Popen(
            [sys.executable, "-m", "bss.embedded.supervisor"],
            cwd=CHECKOUT,
            env=house.environment(),
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            preexec_fn=ignore_stop_signals,
        )


def health(house):
    try:
        with urllib.request.urlopen(f"{house.url}/healthz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.loads(answer.read() or b"{}")
    except (OSError, http.client.HTTPException, ValueError):  # it is being started again
        return None, {}


def wait_until(true, *, what, patience_s=UP_PATIENCE_S):
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.fixture(scope="module")
def started(house):
    """The supervisors of this module's runs; the last one may still run, and stops cleanly."""
    runs = []
    yield runs
    if runs and runs[-1].poll() is None:
        runs[-1].terminate()
        assert runs[-1].wait(60) == 0


@pytest.fixture
def running(house, started):
    """A house that is up: the one that the test before left, or the next one."""
    if not started or started[-1].poll() is not None:
        started.append(start(house))
    wait_until(lambda: health(house)[0] == 200, what="the house is up")
    return started[-1]


def children(house):
    record = json.loads((house.places.locks / "supervisor.json").read_text())
    return [pid for pid, _ in record["children"]]


def test_house_is_up_and_a_second_start_says_where(house, running):
    assert health(house) == (
        200,
        {"status": "up", "database": "up", "broker": "up", "workers": "up", "beat": "up"},
    )
    second = subprocess.run(
        [sys.executable, "-m", "bss.embedded.supervisor"],
        cwd=CHECKOUT,
        env=house.environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode == 0
    assert second.stdout == (
        f"Already running: {house.url}/ (pid {running.pid}), from {CHECKOUT}\n"
    )


def test_killed_children_are_started_again(house, running):
    before = children(house)

    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not set(before) & set(children(house)), what="all are replaced")

    wait_until(lambda: health(house)[0] == 200, what="the house is up again")
    assert len(children(house)) == len(before)


def test_killed_supervisor_takes_all_down_and_the_next_one_is_up_again(house, running, started):
    before = children(house)

    running.kill()
    running.wait()

    wait_until(lambda: not any(map(processes.running, before)), what="the children are gone")
    wait_until(lambda: not kept(house.places), what="the servers are down")
    started.append(start(house))
    wait_until(lambda: health(house)[0] == 200, what="the next one is up")


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_stop_signal_inherited_as_ignored_stops_cleanly(house, running, sig):
    before = children(house)

    os.kill(running.pid, sig)

    assert running.wait(60) == 0
    assert house.log.read_text().endswith("Stopped.\n")
    assert not any(map(processes.running, before))
    assert not kept(house.places)
    assert not (house.places.locks / "supervisor.json").exists()


def test_taken_port_is_one_sentence(home, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house = House(home, port=port, log=tmp_path / "run.log")

        assert start(house).wait(30) == 1

    assert house.log.read_text() == (
        f"! Port {port} of 127.0.0.1 is taken (Address already in use); "
        f"choose another: make run PORT={port + 1}\n"
    )
