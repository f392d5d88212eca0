"""A bank's statement taken in, set-based, against the driver's raw rate of pairs of rows.

Each movement becomes a payment with its journal, entries, revenue fact and place in the file; half
of them pay a bill. Read, judged, booked, settled and told to the audit, all is in the time.
"""

from collections.abc import Iterator
from datetime import date

from billing.banks import simulator
from billing.models import Account, Bill, Payment
from billing.rules.banks import BANKS
from billing.services import bank_files
from bss.kernel.periods import local_moment
from tests.bench.clients import raw_pairs
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.world import make_world
from tests.bench.world.bills import issue_bills
from tests.builders.billing import a_channel

DAY, RECEIVED_AT = date(2026, 11, 5), local_moment("2026-11-06T09:00")
AMOUNT_FEN = 10_00


def measure(size: Size) -> Iterator[Figure | str]:
    movements = size.of(100_000, quick=5_000)
    make_world(accounts=movements)
    issue_bills()
    a_channel()
    raw = raw_pairs(size.of(20, quick=2))
    yield f"raw pairs of rows: {raw:,.0f}/s"
    file = _statement(movements)
    with watch() as took:
        taken = bank_files.take_in(content=file, name="statement.txt", at=RECEIVED_AT)
    booked = Payment.objects.filter(means="transfer", at=RECEIVED_AT).count()
    yield (
        f"{taken.lines_count:,} movements, {len(file):,} bytes in {took.seconds:.1f} s:"
        f" {booked:,} payments, {taken.faults_count} faults"
    )
    yield Figure(name="bank_file_booked", value=100 * booked / movements, unit="%", at_least=100)
    rate = movements / took.seconds
    yield f"payments of a file: {rate:,.0f}/s"
    yield Figure(name="bank_file_of_raw", value=100 * rate / raw, unit="%", at_least=40)


def _statement(movements: int) -> bytes:
    """One movement for each account that has a bill, named by its remark."""
    billed = Account.objects.filter(pk__in=Bill.objects.values("account_id")).order_by("pk")
    lines: list[dict[str, object]] = [
        {"reference": f"REF{place:09d}", "amount": AMOUNT_FEN, "remark": code}
        for place, code in enumerate(billed.values_list("code", flat=True)[:movements])
    ]
    return simulator.statement(BANKS["YZ"], serial="1", day=DAY, lines=lines)
