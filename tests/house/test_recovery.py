"""Real servers, really killed."""

import os
import signal
import subprocess
import sys
import threading
import time

import psycopg2
import pytest

from bss.embedded import processes, valkey
from bss.embedded.addresses import DATABASE, ROLE
from bss.embedded.attach import attach, kept, wait_until_left
from bss.embedded.places import CHECKOUT

LONG_INSERT = "INSERT INTO kept SELECT generate_series(1, 2000000000)"


def connect(home):
    connection = psycopg2.connect(host=str(home.sockets), user=ROLE, dbname=DATABASE)
    connection.autocommit = True
    return connection


def ask(home, query):
    connection = connect(home)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def ask_patiently(home, query, patience_s=30.0):
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return ask(home, query)
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def keeper_pid(home):
    return int((home.locks / "keeper.pid").read_text())


def postmaster_pid(home):
    return int((home.postgres / "postmaster.pid").read_text().split("\n", 1)[0])


def busy_backend(home):
    """Start a long INSERT; give its backend's pid once it works."""
    connection = connect(home)
    pid = connection.info.backend_pid

    def insert():
        with pytest.raises(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute(LONG_INSERT)
        connection.close()

    thread = threading.Thread(target=insert)
    thread.start()
    query = f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND state = 'active'"
    while ask(home, query) is None:
        time.sleep(0.05)
    return pid, thread


@pytest.fixture
def servers(home):
    lock = attach(home)
    ask(home, "CREATE TABLE kept (n bigint)")
    ask(home, "INSERT INTO kept SELECT generate_series(1, 1000)")
    yield lock
    lock.close()


def test_cluster_has_checksums_utf8_and_no_tcp(home, servers):
    assert ask(home, "SHOW data_checksums") == ("on",)
    assert ask(home, "SHOW server_encoding") == ("UTF8",)
    assert ask(home, "SHOW fsync") == ("on",)
    assert ask(home, "SHOW listen_addresses") == ("",)
    assert ask(home, "SELECT datlocale FROM pg_database WHERE datname = 'wo_bss'") == ("C.UTF-8",)


def test_killed_postmaster_with_a_busy_backend_is_replaced_and_loses_nothing(home, servers):
    # given a backend in the middle of a long INSERT
    busy, thread = busy_backend(home)
    old = postmaster_pid(home)

    # when the postmaster is killed
    os.kill(old, signal.SIGKILL)

    # then the keeper ends the orphan first and every committed row is there
    while processes.running(old) or postmaster_is(home, old):
        time.sleep(0.02)
    assert ask_patiently(home, "SELECT count(*), sum(n) FROM kept") == (1000, 500500)
    assert not processes.running(busy)
    assert postmaster_pid(home) != old
    thread.join(10)


def postmaster_is(home, pid):
    try:
        return postmaster_pid(home) == pid
    except (FileNotFoundError, ValueError):
        return False


def test_everything_killed_at_once_is_recovered_by_the_next_start(home, servers):
    # given a busy backend, then keeper, postmaster and broker killed together
    busy, thread = busy_backend(home)
    victims = [keeper_pid(home), postmaster_pid(home), *processes.working_in(home.valkey)]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    thread.join(1)
    servers.close()
    processes.end(victims, (signal.SIGKILL, 10))
    assert not kept(home)

    # when the next command attaches
    started = time.monotonic()
    lock = attach(home)

    # then both servers run, the orphan is gone, every committed row is there
    took_s = time.monotonic() - started
    assert ask(home, "SELECT count(*) FROM kept") == (1000,)
    assert valkey.answers(home)
    assert not processes.running(busy)
    assert took_s < 20
    thread.join(10)
    lock.close()


def test_killed_keeper_takes_its_servers_with_it(home, servers):
    postmaster = postmaster_pid(home)

    os.kill(keeper_pid(home), signal.SIGKILL)

    assert processes.end([postmaster], (signal.SIGCONT, 15)) == []
    servers.close()
    again = attach(home)
    assert ask(home, "SELECT count(*) FROM kept") == (1000,)
    again.close()


def test_killed_broker_comes_back_with_its_queue(home, servers):
    import redis

    client = redis.Redis(unix_socket_path=str(home.valkey_socket))
    client.lpush("celery", "task")
    time.sleep(1.1)  # the append-only file is synced every second
    (pid,) = processes.working_in(home.valkey)

    os.kill(pid, signal.SIGKILL)

    deadline = time.monotonic() + 20
    while processes.running(pid) or not valkey.answers(home):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert client.lrange("celery", 0, -1) == [b"task"]
    client.close()


def test_stale_lock_files_do_not_stop_the_start(home, servers):
    servers.close()
    wait_until_left(home)
    (home.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{home.postgres}\n")
    home.postgres_socket.with_name(home.postgres_socket.name + ".lock").write_text(
        f"{os.getpid()}\n"
    )

    lock = attach(home)

    assert ask(home, "SELECT count(*) FROM kept") == (1000,)
    lock.close()


def test_servers_stop_with_their_last_user_and_not_before(home):
    first = attach(home)
    second = attach(home)
    postmaster = postmaster_pid(home)

    first.close()
    wait_until_left(home)
    assert ask(home, "SELECT 1") == (1,)
    assert postmaster_pid(home) == postmaster

    second.close()
    wait_until_left(home)
    assert not kept(home)
    assert not processes.running(postmaster)
    assert not home.postgres_socket.exists()


def test_killed_user_does_not_keep_the_servers_up(home):
    program = (
        "import time, sys; from pathlib import Path; from bss.embedded.attach import attach; "
        "from bss.embedded.places import Places; lock = attach(Places(Path(sys.argv[1]))); "
        "print('in', flush=True); time.sleep(600)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, str(home.root)], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    with user:
        assert user.stdout.readline() == b"in\n"
        postmaster = postmaster_pid(home)
        user.kill()

    assert processes.end([postmaster], (signal.SIGCONT, 20)) == []


def test_two_starts_at_once_share_one_server(home):
    locks = []
    threads = [threading.Thread(target=lambda: locks.append(attach(home))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(locks) == 3
    assert ask(home, "SELECT 1") == (1,)
    for lock in locks:
        lock.close()
