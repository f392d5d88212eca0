"""What the figures were measured on: the machine, the versions, PostgreSQL's settings."""

import os
import platform
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bss.embedded.addresses import DATABASE
from bss.embedded.places import Places
from tests.durable import connect

PACKAGES = ("django", "psycopg2-binary", "duckdb", "pyarrow", "celery", "weasyprint", "typst")
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "data_checksums": "on",
}
TOLD = (
    "shared_buffers", "work_mem", "maintenance_work_mem", "max_wal_size", "checkpoint_timeout",
    "max_parallel_workers", "jit", "autovacuum",
)  # fmt: skip


class NotDurableError(Exception):
    """A figure of servers that may lose what they acknowledged is worth nothing."""


def describe(places: Places) -> Iterator[str]:
    """Raises: NotDurableError."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    yield f"machine: {_processor()}, {os.cpu_count()} cores, {memory_gib:.0f} GiB, load {load:.1f}"
    yield f"system: {platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield "packages: " + ", ".join(filter(None, map(_version, PACKAGES)))
    settings = _settings(places)
    wrong = {name: settings[name] for name, value in DURABLE.items() if settings[name] != value}
    if wrong:
        raise NotDurableError(f"PostgreSQL runs with {wrong}")
    yield f"PostgreSQL {settings['server_version']}: " + ", ".join(
        f"{name} {settings[name]}" for name in (*DURABLE, *TOLD)
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""


def _settings(places: Places) -> dict[str, str]:
    with closing(connect(places, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW ALL")
        return {name: value for name, value, _ in cursor.fetchall()}
