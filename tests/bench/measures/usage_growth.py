"""Four times the records in one load: what each costs, and how much memory the pipeline takes.

Beside it what a raw COPY of the same files takes, which grows too. The small load is done once more
by one thread that reads, draws and writes in turn.
"""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from billing.batch.usage import intake
from billing.batch.usage import load as loading
from billing.services import usage
from tests.bench.figures import Figure
from tests.bench.measures.usage_load import ACCOUNTS, LOADED_AT, raw_copy
from tests.bench.memory import watched_memory
from tests.bench.report import PROFILE
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.work import data_directory, watched_work
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.usage import write_usage

ONLY_IN_FULL = "since few records fit into memory four times over"
RECORDS, TIMES = 5_000_000, 4
WHY = (
    "of the processors it is 1.2 times: records wait on disk between judging and drawing (0.4 s a"
    " million), and PostgreSQL writes out meanwhile what a smaller load leaves in memory for later"
    " (0.6 s); and both rest more (ADR 0026)"
)


def measure(_: Size) -> Iterator[Figure | str]:
    make_world(accounts=ACCOUNTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        write_usage(path, month=OCTOBER, records=RECORDS)
        with _in_turn():
            alone_s = yield from _load(path, "one thread")
        few_s = yield from _load(path, "as it is")
        few_raw_s = raw_copy(path)
        write_usage(path, month=OCTOBER, records=TIMES * RECORDS)
        many_s = yield from _load(path, f"{TIMES} times as many")
        many_raw_s = raw_copy(path)
    yield f"raw COPY {few_raw_s:.2f} s, {TIMES} times as many {many_raw_s:.2f} s"
    yield f"{PROFILE}{WHY}"
    yield Figure(name="usage_growth", value=many_s / TIMES / few_s, unit="x", at_most=1.1)
    yield Figure(name="raw_copy_growth", value=many_raw_s / TIMES / few_raw_s, unit="x")
    yield Figure(name="usage_two_workers", value=alone_s / few_s, unit="x", at_least=1.3)


def _load(path: Path, how: str) -> Generator[Figure | str, None, float]:
    """Load the file and forget it; gives the seconds."""
    directory = data_directory()
    os.sync()
    with (
        watch() as took,
        watched_memory(database_directory=directory) as memory,
        watched_work(database_directory=directory) as work,
    ):
        report = usage.load(path=path, at=LOADED_AT)
    busy = (work.own_s + work.servers_s) / took.seconds
    yield (
        f"{how}: {report.records:,} records in {took.seconds:.2f} s; processor seconds"
        f" {work.own_s:.1f} here, {work.servers_s:.1f} in PostgreSQL: {busy:.2f} at work"
    )
    if how.endswith("many"):
        yield Figure(name="usage_growth_memory", value=memory.most_mib, unit="MiB", at_most=2048)
    _forget()
    return took.seconds


@contextmanager
def _in_turn() -> Iterator[None]:
    readers, carriers = intake.READERS, loading.CARRIERS
    intake.READERS = loading.CARRIERS = 0
    try:
        yield
    finally:
        intake.READERS, loading.CARRIERS = readers, carriers


def _forget() -> None:
    """As if nothing had been loaded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE billing_record, billing_drawn, billing_known_ids, billing_record_terms,"
            " billing_usagereject, billing_usagefile CASCADE;"
            "UPDATE packages_wo_pool SET used = 0, vpn_used = 0"
        )
        cursor.execute("VACUUM packages_wo_pool")
        cursor.execute("CHECKPOINT")
