"""A month closed with audit on: fees, lines, tax, allocation, bills, journals, payment.

Closed twice, on two copies of one world: by one worker, and by two that share its shards; a quick
run leaves out the one.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from billing.services import month_end, usage
from bss.kernel.models import BatchRun
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.report import PROFILE
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.twin import twin_database
from tests.bench.worker import second_worker
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.calls import write_calls

LOADED_AT = local_moment("2026-10-31T23:00")
CLOSED_AT = local_moment("2026-11-03T02:00")
LOOK_S = 0.05
WHY = (
    "of 250 µs an account and worker some 100 go into 14.3 entries with their three indexes and"
    " their log, 50 into lines, 20 into the sums of usage, the rest into bills, journals and the"
    " choice of ledgers; two workers wait for 24 % of their time, for the log, for pages that both"
    " write, and for tables to grow (ADR 0032)"
)


def measure(size: Size) -> Iterator[Figure | str]:
    accounts = size.of(1_000_000, quick=200_000)
    with watch() as took:
        make_world(accounts=accounts)
    yield f"{accounts:,} accounts made in {took.seconds:.0f} s"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "october.csv"
        records = write_calls(path)
        with watch() as took:
            loaded = usage.load(path=path, at=LOADED_AT)
    yield f"{records:,} records loaded in {took.seconds:.0f} s, rejected {dict(loaded.rejected)}"
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")

    alone_s = 0.0 if size.quick else _alone()
    with second_worker(), watch() as took:
        run = _close()
    yield from _steps(run)
    yield from _bills(accounts)
    rate = accounts / took.seconds
    yield f"{PROFILE}{WHY}"
    yield Figure(name="close_accounts", value=rate, unit="/s", at_least=15_000)
    if alone_s:
        yield f"closed by one worker in {alone_s:.1f} s"
        gain = alone_s / took.seconds
        yield Figure(name="close_two_workers", value=gain, unit="x", at_least=1.3)


def _alone() -> float:
    """Seconds of the same month by one worker, on a copy of the world."""
    with twin_database(), watch() as took:
        _close()
    return took.seconds


def _close() -> BatchRun:
    """Take part until it is done, whoever holds the last step."""
    run = month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    while run.state != BatchRun.State.DONE:
        time.sleep(LOOK_S)
        run = month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    return run


def _steps(run: BatchRun) -> Iterator[str]:
    for step in run.steps.order_by("position", "shard"):
        assert step.started_at is not None
        assert step.finished_at is not None
        seconds = (step.finished_at - step.started_at).total_seconds()
        yield f"step {step.name} {step.shard}: {seconds:.1f} s, {step.report}"


def _bills(accounts: int) -> Iterator[Figure | str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(total_fen), sum(paid_fen),"
            " count(*) FILTER (WHERE paid_fen > 0 AND paid_fen < total_fen) FROM billing_bill"
        )
        bills, total_fen, paid_fen, parts = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM billing_billline")
        (lines,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM billing_entry")
        (entries,) = cursor.fetchone()
    yield (
        f"{bills:,} bills of {total_fen:,} fen, {paid_fen:,} fen paid, {parts:,} in part;"
        f" {lines:,} lines, {entries:,} entries in the books"
    )
    yield Figure(name="close_bills_of_accounts", value=100 * bills / accounts, unit="%",
                 at_least=100, at_most=100)  # fmt: skip
    yield Figure(name="close_lines_an_account", value=lines / accounts, at_least=6)
