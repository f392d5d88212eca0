"""Seconds of CPU: what a piece of work costs, however busy the machine is beside it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Cpu:
    """Of this process, and of the server's process that works for its connection."""

    python_s: float = 0.0
    database_s: float = 0.0

    def __str__(self) -> str:
        return f"CPU: Python {self.python_s:.1f} s, database {self.database_s:.1f} s"


@contextmanager
def watched_cpu() -> Iterator[Cpu]:
    """``with watched_cpu() as cpu: ...``, then ``cpu``; parallel workers are not in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    seen = Cpu()
    python_s, database_s = time.process_time(), _of(backend)
    try:
        yield seen
    finally:
        seen.python_s = time.process_time() - python_s
        seen.database_s = _of(backend) - database_s


def _of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
