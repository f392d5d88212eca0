"""Messages to customers on the workers: sent, and their receipts heard."""

from contextlib import closing
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db import transaction

from billing.messaging.carrier import Receipt
from billing.messaging.carriers import carrier_of
from billing.models import Medium
from billing.queries.locked import alone_with
from billing.services import messages
from bss.kernel import clock

PATIENCE_S = 1.0


@shared_task(acks_late=True)
def send_messages() -> int:
    """Send what waits, medium by medium; how many were taken. Without a gateway it waits on."""
    return sum(_send(medium) for medium in Medium.values)


def sweep(*, at: datetime) -> None:
    """Have a worker look at what waits, and listen for receipts."""
    transaction.on_commit(lambda: send_messages.apply_async(retry=False, expires=50), robust=True)


def _send(medium: str) -> int:
    carrier = carrier_of(medium)
    if carrier is None:
        return 0
    taken = 0
    with alone_with(medium) as alone, closing(carrier):
        while alone and (claimed := _claimed(medium)):
            taken += messages.send(claimed, carrier=carrier, at=clock.now(), now=clock.real_now())
        if alone:
            carrier.listen(_hear, patience_s=PATIENCE_S)
    return taken


def _claimed(medium: str) -> list[messages.Claimed]:
    return messages.claim(
        medium=medium, now=clock.real_now(), at=clock.now(), quiet=settings.QUIET_HOURS
    )


def _hear(receipt: Receipt) -> None:
    messages.hear(receipt, now=clock.real_now())
