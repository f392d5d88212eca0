"""A gateway's statement of a day, all of whose notices were lost, against the driver's raw rate.

Every line is read, compared with our orders and found missing; then all are booked at once: each
becomes a payment with its journal, entries and revenue fact, its order and line are settled, and
half of them pay a bill. Beside it the usual day, on which all agrees.
"""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from billing.models import GatewayOrder, Payment, Reconciliation
from billing.services.reconciliation_bulk import book_all
from billing.services.reconciling import take_statement
from bss.kernel.periods import local_moment
from bss.kernel.units import yuan
from tests.bench.clients import raw_pairs
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import watch
from tests.bench.work import data_directory, watched_work
from tests.bench.world import make_world
from tests.bench.world.bills import issue_bills
from tests.builders.billing import a_channel
from tests.builders.gateways import a_statement
from tests.builders.staff import a_staff

GATEWAY = "alipay"
LOST, AGREED = date(2026, 11, 5), date(2026, 11, 6)
TAKEN_AT = local_moment("2026-11-08T09:00")
AMOUNT_FEN = 10_00
ORDERS = """
INSERT INTO billing_gatewayorder (number, key, gateway, account_id, amount_fen, channel_id,
    asked_at, expires_at, state, code_url, look_after, looks, trade_no, late, problem)
SELECT 'WO' || lpad(account.id::text, 12, '0'), 'bench-' || account.id, %(gateway)s, account.id,
    %(amount)s, %(channel)s, moment, moment, 'open', '', moment, 0, '', false, ''
FROM (SELECT account_id AS id FROM billing_bill ORDER BY account_id LIMIT %(orders)s) AS account
CROSS JOIN (SELECT %(day)s::date + time '10:00' AT TIME ZONE 'Asia/Shanghai') AS asked (moment)
"""


def measure(size: Size) -> Iterator[Figure | str]:
    trades = size.of(100_000, quick=5_000)
    make_world(accounts=trades)
    issue_bills()
    _ask(trades)
    raw = raw_pairs(size.of(20, quick=2))
    yield f"raw pairs of rows: {raw:,.0f}/s"
    file = _statement(LOST)
    officer = a_staff("batch_operator")
    with watch() as read, watched_work(database_directory=data_directory()) as reading:
        taken = _take(file, LOST)
    with watch() as booked, watched_work(database_directory=data_directory()) as booking:
        done = book_all(reconciliation_id=taken.pk, at=TAKEN_AT, by_id=officer.pk)
    yield (
        f"{trades:,} trades, {len(file):,} bytes: compared in {read.seconds:.1f} s ({reading}),"
        f" {done:,} booked in {booked.seconds:.1f} s ({booking})"
    )
    payments = Payment.objects.filter(means=GATEWAY, at=TAKEN_AT).count()
    yield Figure(name="gateway_file_booked", value=100 * payments / trades, unit="%", at_least=100)
    rate = trades / (read.seconds + booked.seconds)
    yield f"payments of a file: {rate:,.0f}/s"
    yield Figure(name="gateway_file_of_raw", value=100 * rate / raw, unit="%", at_least=40)
    yield from _agreed(trades)


def _agreed(trades: int) -> Iterator[Figure]:
    """The same orders paid a day later, as the gateway and we know them."""
    GatewayOrder.objects.update(paid_at=local_moment(f"{AGREED}T12:00"))
    file = _statement(AGREED)
    with watch() as took:
        taken = _take(file, AGREED)
    matched = taken.lines.filter(kind="matched").count()
    yield Figure(name="gateway_file_agreed", value=100 * matched / trades, unit="%", at_least=100)
    yield Figure(name="gateway_file_compared", value=trades / took.seconds, unit="/s")


def _ask(orders: int) -> None:
    """One code for each account that has a bill; nobody heard that it was paid."""
    asked = {
        "gateway": GATEWAY, "amount": AMOUNT_FEN, "channel": a_channel().pk, "day": LOST,
        "orders": orders,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, asked)
        cursor.execute("VACUUM (ANALYZE) billing_gatewayorder")


def _statement(day: date) -> bytes:
    numbers = GatewayOrder.objects.order_by("pk").values_list("number", flat=True)
    return a_statement(
        day, *((f"T{number}", number, yuan(AMOUNT_FEN)) for number in numbers)
    ).encode()


def _take(file: bytes, day: date) -> Reconciliation:
    return take_statement(
        gateway=GATEWAY, day=day, file=file, name=f"{day}.csv", today=TAKEN_AT.date(), at=TAKEN_AT
    )
