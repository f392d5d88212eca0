"""The printing house's run: a closed month's bills as PDF, by two processes, and by one."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from billing.services import month_end
from bss.kernel.models import BatchRun
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import per_second
from tests.bench.world import OCTOBER, make_world

CLOSED_AT = local_moment("2026-11-03T02:00")


def measure(size: Size) -> Iterator[Figure | str]:
    accounts = size.of(10_000, quick=2_000)  # of fewer the start of the processes is a good part
    make_world(accounts=accounts)
    month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    if not size.quick:
        with tempfile.TemporaryDirectory() as folder:
            one = per_second(accounts, lambda: _print(Path(folder), processes=1))
        yield f"one process {one:,.0f}/s"
        BatchRun.objects.filter(kind="print_bills").delete()
    with tempfile.TemporaryDirectory() as folder:
        two = per_second(accounts, lambda: _print(Path(folder), processes=2))
        size_kib = sum(path.stat().st_size for path in Path(folder).glob("*.pdf")) / 1024
        rows = (Path(folder) / "index.csv").read_text().count("\n") - 1
    yield f"{rows:,} bills in the index, {size_kib / rows:.1f} KiB a bill"
    yield Figure(name="printed_bills_missing", value=accounts - rows, at_most=0)
    yield Figure(name="printed_bills", value=two, unit="/s", at_least=150)


def _print(folder: Path, *, processes: int) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "print_bills", str(OCTOBER), "--into", str(folder),
         "--processes", str(processes), "--at", "2026-11-03T06:00"],
        cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
