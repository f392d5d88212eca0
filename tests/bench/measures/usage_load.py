"""A usage file judged, told apart from what came before, rated, explained, stored and indexed.

The yardstick is a raw COPY of the same file into a table of texts without an index, right before
and right after.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.db import connection

from billing.batch.usage.known import filter_of
from billing.rules.usage_record import FIELDS
from billing.services import usage
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.memory import watched_memory
from tests.bench.report import PROFILE
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.work import data_directory, watched_work
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.usage import EARLIER, write_usage

LOADED_AT = local_moment("2026-10-31T23:59")
ACCOUNTS, QUICK_ACCOUNTS = 100_000, 20_000
EARLIER_MONTHS = 12
WHY = (
    "PostgreSQL alone takes 2.5 processor seconds a million for rows that are rated and indexed, of"
    " which 1.0 is COPY, and judging, drawing and writing them out 2.2; the goal leaves 3.4 when"
    " two cores never rest (the table in ADR 0026)"
)


def measure(size: Size) -> Iterator[Figure | str]:
    records = size.of(5_000_000, quick=1_000_000)
    make_world(accounts=size.of(ACCOUNTS, quick=QUICK_ACCOUNTS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        yield from _earlier(path, records)
        write_usage(path, month=OCTOBER, records=records, days=(1, 28))
        yield f"{records:,} records, {path.stat().st_size / 1e6:,.0f} MB"
        yield from _load(path, records)
        yield from _increments(path, records)
    yield from _late_record()


def _earlier(path: Path, records: int) -> Iterator[str]:
    """The month before, and the filters of as many records in eleven more."""
    write_usage(path, month=OCTOBER.previous, records=EARLIER, seed=6)
    usage.load(path=path, at=LOADED_AT)
    random = np.random.default_rng(5)
    with connection.cursor() as cursor:
        for number in range(1, EARLIER_MONTHS):
            bits, content = filter_of(np.sort(random.integers(-(2**63), 2**63 - 1, records)))
            cursor.execute(
                "INSERT INTO billing_known_ids (file_id, parts, months, bits, content)"
                " VALUES (%s, '{1000000}', '{2025-01-01}', %s, %s)",
                [1_000_000 + number, bits, content],
            )
    yield f"{EARLIER_MONTHS} earlier months of {records:,} ids are known"


def _increments(path: Path, records: int) -> Iterator[Figure]:
    """Two days more, the second five times the first: the month's own size has no part in it."""
    seconds = []
    for day, count in ((29, records // 100), (30, records // 20)):
        write_usage(path, month=OCTOBER, records=count, seed=day, first_id=day * 10**9,
                    days=(day, day))  # fmt: skip
        with watch() as took:
            usage.load(path=path, at=LOADED_AT)
        seconds.append(took.seconds)
    yield Figure(name="usage_increment_1_percent", value=seconds[0], unit="s")
    yield Figure(name="usage_increment_5_percent", value=seconds[1], unit="s")


def _late_record() -> Iterator[Figure]:
    """One record that comes late into the open month: its pool is drawn anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.number FROM packages_wo_membership m"
            " JOIN customers_subscription s ON s.id = m.subscription_id"
            " WHERE m.bundle_id % 5 = 1 AND s.service = 'fixed' ORDER BY s.id LIMIT 6"
        )
        numbers = [number for (number,) in cursor.fetchall()]
    seconds = []
    for number in numbers:
        call = {"record_id": f"late-{number}", "service_number": number, "call_type": "mo",
                "other_number": "88880001", "start_at": "2026-10-01T00:00:01",
                "duration_s": 61}  # fmt: skip
        with watch() as took:
            report = usage.load(rows=[call], at=LOADED_AT)
        assert report.rated == 1
        seconds.append(took.seconds)
    yield Figure(name="usage_late_record", value=1000 * min(seconds), unit="ms", at_most=100)


def _load(path: Path, records: int) -> Iterator[Figure | str]:
    directory = data_directory()
    before = raw_copy(path)
    os.sync()
    with (
        watch() as took,
        watched_memory(database_directory=directory) as memory,
        watched_work(database_directory=directory) as work,
    ):
        report = usage.load(path=path, at=LOADED_AT)
    after = raw_copy(path)
    raw = (before + after) / 2
    yield f"raw COPY {before:.2f} s before, {after:.2f} s after; the load {took.seconds:.2f} s"
    yield f"processor seconds: {work.own_s:.1f} here, {work.servers_s:.1f} in PostgreSQL"
    yield f"{report.rated:,} rated, rejected {dict(report.rejected)}"
    yield f"{PROFILE}{WHY}"
    yield Figure(name="usage_records", value=records / took.seconds, unit="/s", at_least=400_000)
    yield Figure(name="usage_against_raw_copy", value=took.seconds / raw, unit="x", at_most=2.0)
    yield Figure(name="usage_memory", value=memory.most_mib, unit="MiB", at_most=2048)


def raw_copy(path: Path) -> float:
    """Seconds of a COPY of the file, as it is; what was written before it is on the disk."""
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(
            "DROP TABLE IF EXISTS raw_usage; CHECKPOINT;"
            f"CREATE TABLE raw_usage ({', '.join(f'{field} text' for field in FIELDS)})"
        )
        os.sync()
        with watch() as took:
            cursor.copy_expert("COPY raw_usage FROM STDIN (FORMAT csv, HEADER)", file, 1 << 20)
        cursor.execute("DROP TABLE raw_usage; CHECKPOINT")
    return took.seconds
