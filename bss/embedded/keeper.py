"""The keeper: one process that runs the two servers for as long as anyone uses them.

Every user of the servers holds a shared lock on ``locks/in-use``. The keeper waits for it
exclusively: it gets it when the last user has gone, however that user went (the kernel drops the
locks of a killed process), stops the servers and ends. A killed keeper takes its servers with it;
the next one recovers what they left.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from bss.embedded import postgres, valkey
from bss.embedded.accounts import server_account
from bss.embedded.errors import HouseError
from bss.embedded.listening import listening
from bss.embedded.locks import FileLock
from bss.embedded.places import Places
from bss.embedded.programs import installed

LOOK_INTERVAL_S = 0.25
RESTART_PAUSE_S = 1.0


class Keeper:
    def __init__(self, places: Places, *, durable: bool) -> None:
        self.places = places
        self.durable = durable
        self.programs = installed()
        self.account = server_account(places.postgres)
        self.leave = threading.Event()
        self.database: subprocess.Popen[bytes] | None = None
        self.broker: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Recover, make what is missing, start both servers."""
        listening(self.places)  # refused before anything is made
        self._make_socket_directory()
        self._trim_logs()
        postgres.recover(self.places, self.account)
        valkey.recover(self.places, self.account)
        postgres.make_cluster(self.places, self.programs, self.account, durable=self.durable)
        self._start_broker()
        self._start_database()

    def watch(self) -> None:
        """Until told to leave, start again whatever has died."""
        while not self.leave.wait(LOOK_INTERVAL_S):
            try:
                if self.database is None or self.database.poll() is not None:
                    postgres.recover(self.places, self.account)
                    self._start_database()
                if self.broker is None or self.broker.poll() is not None:
                    valkey.recover(self.places, self.account)
                    self._start_broker()
            except (HouseError, OSError) as error:
                print(time.strftime("%F %T"), error, file=sys.stderr, flush=True)  # noqa: T201
                self.leave.wait(RESTART_PAUSE_S)

    def close(self) -> None:
        if self.broker is not None:
            valkey.stop(self.broker)
        if self.database is not None:
            postgres.stop(self.database)

    def _start_database(self) -> None:
        self.database = None
        self.database = postgres.start(
            self.places, self.programs, self.account, durable=self.durable
        )

    def _start_broker(self) -> None:
        self.broker = None
        self.broker = valkey.start(self.places, self.programs, self.account, durable=self.durable)

    def _make_socket_directory(self) -> None:
        sockets = self.places.sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.stat().st_uid not in (os.geteuid(), self.account.uid):
            raise HouseError(f"The socket directory {sockets} belongs to another user.")
        os.chown(sockets, self.account.uid, self.account.gid)
        sockets.chmod(0o700)

    def _trim_logs(self) -> None:
        for log in self.places.logs.glob("*.log"):
            if log.stat().st_size > 10_000_000:
                log.rename(log.with_suffix(".log.1"))


def main() -> int:
    """Run until unused; the starter reads ``ok`` or one sentence from standard output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--throw-away", action="store_true")
    arguments = parser.parse_args()
    places = Places(arguments.root)
    alone = FileLock(places.locks / "keeper")
    if not alone.try_now():
        return _tell("The servers are being started by another process.")
    try:
        keeper = Keeper(places, durable=not arguments.throw_away)
        _leave_on_signals(keeper)
        keeper.open()
    except (HouseError, OSError) as error:
        return _tell(str(error))
    (places.locks / "keeper.pid").write_text(str(os.getpid()))
    in_use = FileLock(places.locks / "in-use")
    threading.Thread(target=_leave_when_unused, args=(keeper, in_use), daemon=True).start()
    _tell("ok")
    keeper.watch()
    keeper.close()
    if arguments.throw_away:
        shutil.rmtree(places.root, ignore_errors=True)
        shutil.rmtree(places.sockets, ignore_errors=True)
    alone.close()
    in_use.close()
    return 0


def _leave_on_signals(keeper: Keeper) -> None:
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: keeper.leave.set())


def _leave_when_unused(keeper: Keeper, in_use: FileLock) -> None:
    in_use.wait()
    keeper.leave.set()


def _tell(word: str) -> int:
    os.write(1, f"{word}\n".encode())
    os.dup2(2, 1)
    return 0 if word == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
