"""Start everything, watch it, stop it."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress

from bss.embedded import attach, places
from bss.embedded.errors import HouseError
from bss.embedded.locks import FileLock
from bss.embedded.places import CHECKOUT, Places
from bss.embedded.supervisor import checks, commands, output, record, stand_ins
from bss.embedded.supervisor.child import Child

LOOK_INTERVAL_S = 0.5
END_PATIENCE_S = 25.0
UP_PATIENCE_S = 120.0
# Killed, the web server would leave its workers at the port.
LAST_SIGNALS = {"web": signal.SIGQUIT}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    def __init__(self, home: Places, *, host: str, port: int) -> None:
        self.home = home
        self.host = host
        self.port = port
        self.url = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"
        self.stop = threading.Event()
        self.in_use: FileLock | None = None
        self.children: list[Child] = []
        self.disk_is_full = False

    def on_signal(self, *_: object) -> None:
        self.stop.set()

    def attach_servers(self) -> None:
        """Hold the embedded servers, unless the environment names others for both."""
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            self.in_use = attach.attach(self.home)

    def prepare(self) -> str:
        """Migrate, load what an empty database needs; give the logins to show.

        Raises: HouseError, when it failed; its own output said why.
        """
        told = self.home.locks / "logins.txt"
        told.unlink(missing_ok=True)
        preparing = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "prepare", "--tell", str(told)], cwd=CHECKOUT
        )
        while preparing.poll() is None:
            if self.stop.wait(0.1):
                preparing.terminate()
                preparing.wait()
                return ""
        if preparing.returncode:
            raise HouseError("The database could not be prepared; the lines above say why.")
        return told.read_text() if told.exists() else ""

    def start_children(self) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        if os.geteuid() == 0:
            environment["PYTHONWARNINGS"] = "ignore:::celery.platforms"  # it is said in the docs
        stood_in = stand_ins.addresses(environment)
        environment |= stood_in
        for name, command in (
            *(
                (one.name, one.command(stood_in[one.variable]))
                for one in stand_ins.STAND_INS
                if one.variable in stood_in
            ),
            ("web", commands.web(f"{self.host}:{self.port}")),
            ("worker", commands.worker()),
            ("beat", commands.beat()),
        ):
            child = Child(name, commands.by_module(command), CHECKOUT, environment,
                          last_signal=LAST_SIGNALS.get(name, signal.SIGKILL))  # fmt: skip
            self.children.append(child)
            child.start()
        self.record()

    def watch(self, logins: str) -> None:
        """Look after the children and the servers' keeper until told to stop."""
        announced = False
        give_up_at = time.monotonic() + UP_PATIENCE_S
        while not self.stop.wait(LOOK_INTERVAL_S):
            before = [child.process for child in self.children]
            for child in self.children:
                child.watch()
            if before != [child.process for child in self.children]:
                self.record()
            self._keep_servers()
            self._watch_disk()
            if not announced and (self._is_up() or time.monotonic() > give_up_at):
                announced = True
                output.say(f"\n{logins}沃·商务 BSS: {self.url}   (Ctrl-C stops it)\n")

    def close(self) -> None:
        """End the children, then leave the servers and wait until they are down."""
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + END_PATIENCE_S
        while time.monotonic() < deadline and not all(c.has_ended() for c in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        if self.in_use is not None:
            self.in_use.close()
            attach.wait_until_left(self.home)
        record.forget(self.home)

    def record(self) -> None:
        """Leave word for the next start; a full disk must not end what still runs."""
        pids = [child.process.pid for child in self.children if child.process]
        with suppress(OSError):
            record.write(self.home, url=self.url, pids=pids)

    def _keep_servers(self) -> None:
        if self.in_use is None or attach.kept(self.home):
            return
        output.say("the keeper is gone; starting it again", name="servers")
        try:
            fresh = attach.attach(self.home)
        except (HouseError, OSError) as error:
            output.say(str(error), name="servers")
        else:
            self.in_use.close()
            self.in_use = fresh

    def _watch_disk(self) -> None:
        """Say it once when the disk fills up, and once when there is room again."""
        try:
            checks.check_disk(self.home.root, needed_mb=checks.FREE_WHILE_RUNNING_MB)
        except HouseError as fault:
            if not self.disk_is_full:
                output.say(f"! {fault}")
            self.disk_is_full = True
        else:
            if self.disk_is_full:
                output.say("The disk has room again.")
            self.disk_is_full = False

    def _is_up(self) -> bool:
        try:
            host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
            request = f"http://{host}:{self.port}/healthz"
            with urllib.request.urlopen(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


def main() -> int:
    """Run until a signal; 0 after a clean stop, 1 with one sentence if it could not start."""
    home = places.current()
    try:
        checks.check_disk(home.root)
        places.ensure(home)
        alone = FileLock(home.locks / "supervisor")
        if not alone.try_now():
            output.say(f"Already running: {record.whereabouts(home)}, from {CHECKOUT}")
            return 0
        record.end_leftovers(home)
        return _run(home)
    except HouseError as error:
        output.say(f"! {error}")
        return 1
    except OSError as error:
        output.say(f"! {error.filename or home.root}: {error.strerror}.")
        return 1


def _run(home: Places) -> int:
    host, port = os.environ.get("HOST") or "127.0.0.1", checks.port_from_environment()
    checks.check_port(host, port)
    supervisor = Supervisor(home, host=host, port=port)
    for sig in STOP_SIGNALS:
        signal.signal(sig, supervisor.on_signal)
    try:
        output.say("Starting the database and the broker …")
        supervisor.attach_servers()
        logins = supervisor.prepare()
        if not supervisor.stop.is_set():
            supervisor.start_children()
            supervisor.watch(logins)
        output.say("\nStopping …")
    finally:
        supervisor.close()
    output.say("Stopped.")
    return 0
