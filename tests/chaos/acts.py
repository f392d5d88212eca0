"""What a month does, as one table: each act can be done again after any death.

An act ends by itself or dies; whoever does it again finds what is done already, as a clerk, the
night job or a bank's courier would.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from billing.batch.usage.files import checksum
from billing.models import Account, BankFile, DebitBatch, Payment, UsageFile
from billing.services import (
    credit_control,
    debit_batches,
    month_end,
    month_start,
    payments,
    usage,
)
from billing.services.refunds import Payee, refund
from bss.kernel.models import BatchRun
from bss.kernel.periods import local_moment
from channels.models import Channel
from tests.bench.world import BLOCK, OCTOBER
from tests.bench.world.families import ENOUGH_FEN
from tests.builders.banks import a_batch, an_answer, taken_in
from tests.builders.by_hand import a_maker, a_reason
from tests.chaos.workers import close_by_workers

FIRST_FILE, SECOND_FILE = "usage-1.csv", "usage-2.csv"
DURING, LATE = local_moment("2026-10-20T12:00"), local_moment("2026-10-31T23:00")
STARTED_AT, CLOSED_AT = local_moment("2026-11-01T00:00"), local_moment("2026-11-03T02:00")
COUNTER_AT, OVERDUE_AT = local_moment("2026-11-05T10:00"), local_moment("2027-01-02T01:00")
PAYEE = Payee(name="试验收款人", bank="示范银行", account="6222000000001234")
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
    channel_id = Channel.objects.earliest("pk").pk
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


def _refund(*, at) -> None:
    """Five customers get something back."""
    for payment in Payment.objects.filter(key__startswith="world-", amount_fen=ENOUGH_FEN):
        if payment.account_id < BLOCK:
            refund(
                account_id=payment.account_id,
                amount_fen=5_00,
                means="transfer",
                reason_id=a_reason("refund", "overpaid"),
                payee=PAYEE,
                key=f"refund-{payment.account.code}",
                at=at,
                by_id=a_maker().pk,
            )


def _debit(*, at) -> None:
    """The bank draws what is owed, refuses every third, and sends its answer."""
    batch = DebitBatch.objects.first() or a_batch(at=at, sent=False)
    if batch.state == DebitBatch.State.DRAWN_UP:
        debit_batches.export(batch_id=batch.pk, at=at)
    lines = batch.lines.order_by("position").values_list("position", "amount_fen")
    answer = an_answer(batch, *((place, fen, "00" if place % 3 else "03") for place, fen in lines))
    taken = BankFile.objects.filter(sha256=hashlib.sha256(answer).hexdigest()).first()
    if taken is None or taken.state != BankFile.State.DONE:
        taken_in(answer, at=at)


ACTS = (
    Act("load", lambda folder: _load(folder, FIRST_FILE, DURING)),
    Act("payments", lambda _: _pay("early", at=DURING, amount_fen=12_00, every=2)),
    Act("load more", lambda folder: _load(folder, SECOND_FILE, LATE)),
    Act("month start", lambda _: _start()),
    Act("close", _close, hands=2),
    Act("counter", lambda _: _pay("counter", at=COUNTER_AT, amount_fen=35_00, every=3)),
    Act("reversals", lambda _: _reverse(at=COUNTER_AT)),
    Act("refunds", lambda _: _refund(at=COUNTER_AT)),
    Act("debit answers", lambda _: _debit(at=COUNTER_AT)),
    Act("close by workers", close_by_workers, hands=2),
    Act("credit run", lambda _: _stop()),
    Act("late payments", lambda _: _pay("late", at=PAID_LATE_AT, amount_fen=90_00, every=4)),
)


def _start() -> None:
    month_start.start_month(month=OCTOBER.next, at=STARTED_AT)


def _stop() -> None:
    credit_control.run(at=OVERDUE_AT)
