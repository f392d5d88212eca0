"""How much the processors work: for this process, its children, and the whole database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 11, 12, 13, 14
"""Places in /proc/PID/stat after the name."""


@dataclass(slots=True)
class Work:
    """Units: seconds of one processor."""

    own_s: float = 0
    servers_s: float = 0

    def __str__(self) -> str:
        return f"CPU {self.own_s:.1f} s, of the database {self.servers_s:.1f} s"


def data_directory() -> Path:
    """Where the server has its data, and all its processes live."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return Path(cursor.fetchone()[0])


@contextmanager
def watched_work(*, database_directory: Path) -> Iterator[Work]:
    """``with watched_work(...) as work: ...``, then ``work.own_s`` and ``work.servers_s``."""
    work = Work()
    own, servers = _own_s(), _servers_s(database_directory)
    yield work
    work.own_s = _own_s() - own
    work.servers_s = _servers_s(database_directory) - servers


def _own_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _servers_s(directory: Path) -> float:
    """Of all that live in the directory, and of those whom the first of them outlived."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") != str(directory):
                continue
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM)
        total += sum(int(fields[place]) for place in ticks) * TICK_S
    return total
