"""Kills at random moments, and the act done again until it ends by itself."""

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg2

from bss.embedded.places import Places
from bss.embedded.valkey import answers
from tests.chaos.acts import Act
from tests.chaos.hands import ended, fork
from tests.durable import connect

AT_MOST = 5
"""Disturbed tries of one act in one storm; then it is left alone."""
AT_LEAST = 3
"""Kills in all, however short the time is."""
HAND, POSTGRES, VALKEY = "process", "PostgreSQL", "Valkey"
VICTIMS = (HAND,) * 8 + (POSTGRES, VALKEY)
MOSTLY_DURING = 0.8
"""Of the time that an act usually takes: later strikes would mostly find it done."""
PATIENCE_S = 120.0
TICK_S = 0.002


class StuckError(Exception):
    """An act that nobody disturbs does not end."""


@dataclass(slots=True, kw_only=True)
class Storm:
    """One pass over the acts on a database of its own; ``usual_s`` is what each takes in peace."""

    places: Places
    database: str
    folder: Path
    random: Random
    usual_s: dict[str, float]
    until: float
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.database}.log"

    def live(self, acts: Sequence[Act]) -> None:
        """Raises: StuckError."""
        for act in acts:
            tries = 0
            while not self._try(act, disturbed=tries < AT_MOST and self._goes_on()):
                tries += 1
                if tries > 3 * AT_MOST:
                    raise StuckError(f"{act.name} does not end:\n{self.log.read_text()[-3000:]}")

    def _goes_on(self) -> bool:
        """Until its time is over, and never without having struck a few times."""
        return time.monotonic() < self.until or self.kills.total() < AT_LEAST

    def _try(self, act: Act, *, disturbed: bool) -> bool:
        """Whether all hands ended well, and were let."""
        codes: dict[int, int | None] = {
            fork(lambda: act.do(self.folder), database=self.database, log=self.log): None
            for _ in range(act.hands)
        }
        struck = False
        if disturbed:
            _wait(codes, self.random.uniform(0, MOSTLY_DURING * self.usual_s[act.name]))
            struck = self._strike([pid for pid, code in codes.items() if code is None])
        if not _wait(codes, PATIENCE_S):
            for pid in codes:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _wait(codes, PATIENCE_S)
        return not struck and all(code == 0 for code in codes.values())

    def _strike(self, pids: Sequence[int]) -> bool:
        """Kill one of them, or a server under them; nothing when they have ended."""
        if not pids:
            return False
        victim = self.random.choice(VICTIMS)
        if victim == HAND:
            os.kill(self.random.choice(pids), signal.SIGKILL)
        elif victim == POSTGRES:
            os.kill(_postmaster(self.places), signal.SIGKILL)
            _until(lambda: _takes_connections(self.places))
        else:
            os.kill(_valkey(self.places), signal.SIGKILL)
            _until(lambda: answers(self.places))
        self.kills[victim] += 1
        return True


def _wait(codes: dict[int, int | None], seconds: float) -> bool:
    """Until all have ended, or for so long; whether they have."""
    deadline = time.monotonic() + seconds
    while True:
        for pid, code in codes.items():
            if code is None:
                codes[pid] = ended(pid)
        if all(code is not None for code in codes.values()):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK_S)


def _until(ready) -> None:
    deadline = time.monotonic() + PATIENCE_S
    time.sleep(0.1)  # what was killed may still answer for a moment
    while not ready():
        if time.monotonic() > deadline:
            raise StuckError("a killed server does not come back")
        time.sleep(0.02)


def _takes_connections(places: Places) -> bool:
    try:
        connect(places, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _postmaster(places: Places) -> int:
    return int((places.postgres / "postmaster.pid").read_text().split("\n", 1)[0])


def _valkey(places: Places) -> int:
    """The server's process, by its working directory."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            if os.readlink(entry / "cwd") == str(places.valkey):
                return int(entry.name)
    raise StuckError("there is no Valkey to kill")
