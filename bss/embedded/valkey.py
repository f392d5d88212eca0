"""One Valkey server: the broker and the cache, kept on disk so that no task is lost."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from bss.embedded import processes
from bss.embedded.accounts import Account, acting_as
from bss.embedded.errors import HouseError
from bss.embedded.listening import VALKEY_PORT, listening, password
from bss.embedded.places import Places
from bss.embedded.programs import Programs

START_PATIENCE_S = 60
STOP_PATIENCE_S = 20
KEEPALIVE_S = 20


def recover(places: Places, account: Account) -> None:
    """End a server that outlived its keeper (its working directory is the data directory)."""
    with acting_as(account):
        leftovers = processes.working_in(places.valkey)
    processes.end(leftovers, (signal.SIGTERM, 10), (signal.SIGKILL, 10))
    places.valkey_socket.unlink(missing_ok=True)


def start(
    places: Places, programs: Programs, account: Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers.

    Raises: HouseError.
    """
    places.valkey.mkdir(mode=0o700, exist_ok=True)
    os.chown(places.valkey, account.uid, account.gid)
    log = places.logs / "valkey.log"
    doors = listening(places)
    settings = {
        "port": str(VALKEY_PORT) if doors else "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(places.valkey),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "daemonize": "no",
        "loglevel": "notice",
    }
    if doors:
        settings |= {"bind": " ".join(doors.addresses), "tcp-keepalive": str(KEEPALIVE_S)}
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    secrets = _write_secrets(places, account)
    with log.open("ab") as sink:
        server = subprocess.Popen(
            [str(programs.valkey_server), str(secrets), *options],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            cwd="/",
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGTERM),
            **account.popen_options,
        )
    deadline = time.monotonic() + START_PATIENCE_S
    while not answers(places):
        if server.poll() is not None:
            raise HouseError(f"Valkey did not start; its log {log} says why.")
        if time.monotonic() > deadline:
            raise HouseError(f"Valkey does not answer after {START_PATIENCE_S} s; see {log}.")
        time.sleep(0.01)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    processes.send(server.pid, signal.SIGTERM)
    try:
        server.wait(STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _write_secrets(places: Places, account: Account) -> Path:
    """What the server must know and no list of processes may show."""
    word = password(places)
    path = places.valkey / "valkey.conf"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"requirepass {word}\n" if word else "")
    os.chown(path, account.uid, account.gid)
    return path


def answers(places: Places) -> bool:
    """Whether the server replies to PING, or asks for the password (while it loads it does not)."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(places.valkey_socket))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False
