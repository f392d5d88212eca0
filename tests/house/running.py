"""A house of its own for a test: started as ``make run`` does, stopped as Ctrl-C does."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bss.embedded.attach import wait_until_left
from bss.embedded.places import CHECKOUT, Places

UP_PATIENCE_S = 240
STOP_PATIENCE_S = 40


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def a_place() -> Iterator[Places]:
    """For durable servers that their own account can enter; gone when they are."""
    places = Places(Path(tempfile.mkdtemp(prefix="wo-bss-house-")).resolve())
    yield places
    wait_until_left(places)
    shutil.rmtree(places.root)


@dataclass(frozen=True, slots=True)
class House:
    """Where it keeps its data, where it answers, where it writes what it says."""

    places: Places
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        return {**plain, "BSS_DATA": str(self.places.root), "PORT": str(self.port), "DEMO": "0"}

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            check=True,
            capture_output=True,
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.log.open("ab") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "bss.embedded.supervisor"],
                cwd=CHECKOUT,
                env=self.environment(),
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        try:
            self._wait_until_up(process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_PATIENCE_S)

    def _wait_until_up(self, process: "subprocess.Popen[bytes]") -> None:
        patience = time.monotonic() + UP_PATIENCE_S
        while not self._is_up():
            assert process.poll() is None, self.log.read_text("utf-8")[-2000:]
            assert time.monotonic() < patience, self.log.read_text("utf-8")[-2000:]
            time.sleep(0.5)

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, http.client.HTTPException):
            return False
