"""Gateways on the workers: open orders are asked about, yesterday's statements are fetched."""

from datetime import datetime

from celery import shared_task
from django.db import transaction

from billing.gateways.configured import gateway, offered
from billing.services import gateway_looks
from bss.kernel import clock


@shared_task(acks_late=True)
def look_at_open() -> int:
    """Ask every gateway about the orders that are still open; how many were settled."""
    settled = 0
    for name in offered():
        adapter = gateway(name)
        while claimed := gateway_looks.claim(gateway=name, now=clock.real_now()):
            settled += gateway_looks.look_at_all(
                claimed, gateway=adapter, at=clock.now(), now=clock.real_now()
            )
    return settled


def sweep(*, at: datetime) -> None:
    """Have a worker ask; a notification that was lost is made up for within minutes."""
    if offered():
        transaction.on_commit(lambda: look_at_open.apply_async(expires=60), robust=True)
