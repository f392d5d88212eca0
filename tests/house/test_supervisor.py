"""``make run`` as a real process: up, recovered, stopped."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bss.embedded import processes
from bss.embedded.attach import kept, wait_until_left
from bss.embedded.places import CHECKOUT, Places

UP_PATIENCE_S = 240


@pytest.fixture(scope="module")
def house():
    """A place for the servers of this module's runs: the first one migrates, the next find it."""
    places = Places(Path(tempfile.mkdtemp(prefix="wo-bss-house-")).resolve())
    yield places
    wait_until_left(places)
    shutil.rmtree(places.root)


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def environment(house, port):
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**plain, "BSS_DATA": str(house.root), "PORT": str(port), "DEMO": "0"}


def ignore_stop_signals():
    """As a shell's background job and nohup do."""
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(sig, signal.SIG_IGN)


def start(house, port, log):
    with log.open("ab") as sink:
        return subprocess.Popen(
            [sys.executable, "-m", "bss.embedded.supervisor"],
            cwd=CHECKOUT,
            env=environment(house, port),
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            preexec_fn=ignore_stop_signals,
        )


def health(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
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
    """The supervisors of this module's runs with their logs; the last one may still run."""
    runs = []
    yield runs
    if runs and runs[-1][0].poll() is None:
        runs[-1][0].terminate()
        runs[-1][0].wait(60)


@pytest.fixture
def running(house, port, started):
    """A house that is up: the one that the test before left, or the next one."""
    if not started or started[-1][0].poll() is not None:
        log = house.root / f"run-{len(started)}.log"
        started.append((start(house, port, log), log))
    wait_until(lambda: health(port)[0] == 200, what="the house is up")
    return started[-1]


def children(house):
    record = json.loads((house.locks / "supervisor.json").read_text())
    return [pid for pid, _ in record["children"]]


def test_house_is_up_and_a_second_start_says_where(house, port, running):
    assert health(port) == (
        200,
        {"status": "up", "database": "up", "broker": "up", "workers": "up", "beat": "up"},
    )
    second = subprocess.run(
        [sys.executable, "-m", "bss.embedded.supervisor"],
        cwd=CHECKOUT,
        env=environment(house, port),
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode == 0
    assert second.stdout == (
        f"Already running: http://localhost:{port}/ (pid {running[0].pid}), from {CHECKOUT}\n"
    )


def test_killed_children_are_started_again(house, port, running):
    before = children(house)

    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not set(before) & set(children(house)), what="all are replaced")

    wait_until(lambda: health(port)[0] == 200, what="the house is up again")
    assert len(children(house)) == len(before)


def test_killed_supervisor_takes_all_down_and_the_next_one_is_up_again(
    house, port, running, started
):
    supervisor, _ = running
    before = children(house)

    supervisor.kill()
    supervisor.wait()

    wait_until(lambda: not any(map(processes.running, before)), what="the children are gone")
    wait_until(lambda: not kept(house), what="the servers are down")
    log = house.root / "again.log"
    started.append((start(house, port, log), log))
    wait_until(lambda: health(port)[0] == 200, what="the next one is up")


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_stop_signal_inherited_as_ignored_stops_cleanly(house, port, running, sig):
    supervisor, log = running
    before = children(house)

    os.kill(supervisor.pid, sig)

    assert supervisor.wait(60) == 0
    assert log.read_text().endswith("Stopped.\n")
    assert not any(map(processes.running, before))
    assert not kept(house)
    assert not (house.locks / "supervisor.json").exists()


def test_taken_port_is_one_sentence(home, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        log = tmp_path / "run.log"

        assert start(home, port, log).wait(30) == 1

    assert log.read_text() == (
        f"! Port {port} of 127.0.0.1 is taken (Address already in use); "
        f"choose another: make run PORT={port + 1}\n"
    )
