"""Single payments through the full service with audit on, against the driver's raw rate.

Eight clients each; raw is a pair of rows, one commit per pair, by the same driver in the same run.
Half of the payments meet an unpaid bill, which they pay.
"""

from collections.abc import Iterator
from random import Random

from billing.models import Account, Bill
from billing.services import payments
from bss.kernel import audit
from bss.kernel.periods import local_moment
from tests.bench.clients import CLIENTS, raw_pairs, side_by_side
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.world import make_world
from tests.bench.world.bills import issue_bills
from tests.builders.billing import a_channel
from tests.builders.staff import a_staff

NOON = local_moment("2026-11-05T12:00")
AMOUNT_FEN = 10_00
ROUNDS = 3


def measure(size: Size) -> Iterator[Figure | str]:
    make_world(accounts=size.of(100_000, quick=5_000))
    bills = issue_bills()
    yield f"{bills:,} bills issued, half of the accounts owe"
    seconds = size.of(6, quick=1)
    rounds = [(raw_pairs(seconds), _payments(turn, seconds)) for turn in range(ROUNDS)]
    yield "raw pairs of rows and payments, in turns: " + ", ".join(
        f"{raw:,.0f}/s {paid:,.0f}/s" for raw, paid in rounds
    )
    raw, paid = (sum(rates) / ROUNDS for rates in zip(*rounds, strict=True))
    yield Figure(name="payments_single", value=paid, unit="/s")
    yield Figure(name="payments_of_raw", value=100 * paid / raw, unit="%", at_least=5)


def _payments(turn: int, seconds: float) -> float:
    channel_id, staff_id = a_channel().pk, a_staff("clerk", username=f"till{turn}").pk
    owing = Bill.objects.filter(paid_fen=0).values("account_id")
    ids = [
        *Account.objects.filter(pk__in=owing).values_list("pk", flat=True)[:5000],
        *Account.objects.exclude(pk__in=owing).values_list("pk", flat=True)[:5000],
    ]
    choices = [Random(100 * turn + client) for client in range(CLIENTS)]

    def pay(client: int, number: int) -> None:
        with audit.acting(staff_id=staff_id, source="web", address="10.1.2.3"):
            payments.pay(
                account_id=choices[client].choice(ids),
                amount_fen=AMOUNT_FEN,
                key=f"bench-{turn}-{client}-{number}",
                at=NOON,
                channel_id=channel_id,
                by_id=staff_id,
            )

    return side_by_side(pay, clients=CLIENTS, seconds=seconds, begin=pay).per_second
