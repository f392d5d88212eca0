"""Every bundle advised on every combination of the catalogue, by a closed month, in one process."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from billing.models import BundleAdvice
from billing.services import month_end, usage
from bss.desk.services.advising import advise_all
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.measures.month_close import CLOSED_AT, LOADED_AT
from tests.bench.sizes import Size
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.calls import write_calls

TONIGHT = local_moment("2026-11-05T03:15")
TICKS_A_SECOND = 100
USER, SYSTEM = 11, 12
"""Places in ``/proc/PID/stat`` after the name."""


def measure(size: Size) -> Iterator[Figure | str]:
    accounts = size.of(100_000, quick=5_000)
    make_world(accounts=accounts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "october.csv"
        records = write_calls(path)
        usage.load(path=path, at=LOADED_AT)
    month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    yield f"{accounts:,} accounts with {records:,} records billed"

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # all of it in one process
    own_s, server_s = time.process_time(), _server_s()
    run = advise_all(at=TONIGHT)
    own_s, server_s = time.process_time() - own_s, _server_s() - server_s

    reports = list(run.steps.values_list("report", flat=True))
    bundles, advised, reckoned, drawn = (
        sum(report[name] for report in reports)
        for name in ("bundles", "advised", "combinations", "drawn")
    )
    assert advised == bundles == BundleAdvice.objects.count()
    yield f"{bundles:,} bundles, {reckoned:,} combinations, {drawn:,} records that share minutes"
    yield f"processor seconds: {own_s:.2f} here, {server_s:.2f} in PostgreSQL"
    yield Figure(name="advice_combinations", value=reckoned / (own_s + server_s), unit="/cpu s")
    yield Figure(name="advice_bundles", value=bundles / (own_s + server_s), unit="/cpu s")


def _server_s() -> float:
    """Processor seconds of this connection's server process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[USER]) + int(fields[SYSTEM])) / TICKS_A_SECOND
