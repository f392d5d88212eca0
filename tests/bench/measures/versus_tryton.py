"""A month of ours beside a month of Tryton's subscription invoicing, on the same server.

Tryton: consumption, invoices with tax, posting. Ours: the whole close, that is fees, usage, tax,
allocation, bills, journals and payment from the ledgers, with audit on, and as many lines.
"""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

from billing.models import BillLine
from billing.services import month_end, usage
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.tryton.apart import NotToBeHadError, tryton
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.calls import write_calls

ONLY_IN_FULL = "since Tryton takes five minutes for a thousand accounts"
ACCOUNTS = 1000
LOADED_AT = local_moment("2026-10-31T23:00")
CLOSED_AT = local_moment("2026-11-03T02:00")


def measure(_: Size) -> Iterator[Figure | str]:
    ours_s, lines = _ours()
    try:
        with tryton() as installed:
            told = installed.month(accounts=ACCOUNTS, lines=lines)
    except NotToBeHadError as error:
        yield f"left out, Tryton is not to be had here: {error}"
        return
    took = {step: told[f"{step}_s"] for step in ("consumption", "invoices", "posting")}
    yield (
        f"Tryton {told['version']}: "
        + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items())
        + f"; {told['invoices']:,} invoices of {told['lines']:,} lines, {told['entries']:,} entries"
    )
    theirs_s = sum(took.values()) / told["invoices"]
    yield Figure(name="tryton_seconds_an_account", value=theirs_s, unit="s")
    yield Figure(name="our_seconds_an_account", value=ours_s, unit="s")
    yield Figure(name="tryton_of_ours", value=theirs_s / ours_s, unit="x")


def _ours() -> tuple[float, int]:
    """Seconds an account, and how many lines a bill has, rounded up."""
    make_world(accounts=ACCOUNTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "october.csv"
        write_calls(path)
        usage.load(path=path, at=LOADED_AT)
    with watch() as took:
        month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    return took.seconds / ACCOUNTS, math.ceil(BillLine.objects.count() / ACCOUNTS)
