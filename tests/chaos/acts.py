"""What a month does, as one table: each act can be done again after any death.

An act ends by itself or dies; whoever does it again finds what is done already, as a clerk, the
night job or a bank's courier would.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from billing.batch.usage.files import checksum
from billing.models import Account, Payment, UsageFile
from billing.services import credit_control, month_end, month_start, payments, usage
from bss.kernel.models import BatchRun
from bss.kernel.periods import local_moment
from channels.models import Channel
from tests.bench.world import OCTOBER

FIRST_FILE, SECOND_FILE = "usage-1.csv", "usage-2.csv"
DURING, LATE = local_moment("2026-10-20T12:00"), local_moment("2026-10-31T23:00")
STARTED_AT, CLOSED_AT = local_moment("2026-11-01T00:00"), local_moment("2026-11-03T02:00")
COUNTER_AT, OVERDUE_AT = local_moment("2026-11-05T10:00"), local_moment("2027-01-02T01:00")
PAID_LATE_AT = local_moment("2027-01-03T10:00")


class NotYetError(Exception):
    """Others still do a part of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """``do`` is given the folder of the files; ``hands`` processes do it at the same time."""

    name: str
    do: Callable[[Path], None]
    hands: int = 1


def _load(folder: Path, name: str, at) -> None:
    """As the inbox does it: a file that is in is not taken in again."""
    if not UsageFile.objects.filter(sha256=checksum(folder / name)).exists():
        usage.load(path=folder / name, at=at)


def _pay(serial: str, *, at, amount_fen: int, every: int) -> None:
    channel_id = Channel.objects.get().pk
    for place, account in enumerate(Account.objects.order_by("pk")):
        if place % every == 0:
            payments.pay(
                account_id=account.pk,
                amount_fen=amount_fen + place,
                key=f"{serial}-{account.code}",
                at=at,
                channel_id=channel_id,
            )


def _reverse(*, at) -> None:
    """Every third payment of the counter was a mistake."""
    for payment in Payment.objects.filter(key__startswith="counter-").order_by("pk")[::3]:
        if payment.reversed_at is None:
            payments.reverse(key=payment.key, at=at)


def _close(folder: Path) -> None:
    run = month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    if run.state != BatchRun.State.DONE:
        raise NotYetError(run.state)


ACTS = (
    Act("load", lambda folder: _load(folder, FIRST_FILE, DURING)),
    Act("payments", lambda _: _pay("early", at=DURING, amount_fen=12_00, every=2)),
    Act("load more", lambda folder: _load(folder, SECOND_FILE, LATE)),
    Act("month start", lambda _: _start()),
    Act("close", _close, hands=2),
    Act("counter", lambda _: _pay("counter", at=COUNTER_AT, amount_fen=35_00, every=3)),
    Act("reversals", lambda _: _reverse(at=COUNTER_AT)),
    Act("credit run", lambda _: _stop()),
    Act("late payments", lambda _: _pay("late", at=PAID_LATE_AT, amount_fen=90_00, every=4)),
)


def _start() -> None:
    month_start.start_month(month=OCTOBER.next, at=STARTED_AT)


def _stop() -> None:
    credit_control.run(at=OVERDUE_AT)
