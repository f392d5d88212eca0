"""Gateways on the workers: open orders and refunds are asked about, statements are fetched."""

import logging
from datetime import date, datetime

from celery import shared_task
from django.db import transaction

from billing.gateways.configured import gateway, offered
from billing.gateways.protocol import GatewayError
from billing.queries import reconciled
from billing.services import gateway_looks, gateway_returns, reconciling
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date

DAYS_BACK = 7

log = logging.getLogger(__name__)


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


@shared_task(acks_late=True)
def send_refunds() -> int:
    """Send back what was decided, ask about what is on its way; how many were settled."""
    settled = 0
    for name in offered():
        adapter = gateway(name)
        while claimed := gateway_returns.claim(gateway=name, now=clock.real_now()):
            settled += gateway_returns.send_all(
                claimed, gateway=adapter, at=clock.now(), now=clock.real_now()
            )
    return settled


@shared_task(acks_late=True)
def fetch_statements() -> int:
    """Take the statements of the last days that are not taken yet; how many were."""
    taken = 0
    today = business_date(clock.real_now())
    for name in offered():
        for day in reconciled.days_to_take(name, today=today, back=DAYS_BACK):
            taken += _fetch(name, day, today=today)
    return taken


def _fetch(name: str, day: date, *, today: date) -> bool:
    """A day that cannot be had now is asked for again with the next run."""
    try:
        reconciling.fetch_statement(gateway=gateway(name), day=day, today=today, at=clock.now())
    except (GatewayError, BadInputError) as failure:
        log.warning("no statement of %s for %s: %s", name, day, failure)
        return False
    return True


def sweep(*, at: datetime) -> None:
    """Have a worker ask and send; what was lost is made up for within minutes."""
    if offered():
        transaction.on_commit(lambda: look_at_open.apply_async(expires=60), robust=True)
        transaction.on_commit(lambda: send_refunds.apply_async(expires=60), robust=True)


def reconcile(*, at: datetime) -> None:
    """The morning: gateways have the statements of the day before."""
    if offered():
        transaction.on_commit(lambda: fetch_statements.apply_async(expires=3600), robust=True)
