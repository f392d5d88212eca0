"""Automatic work orders on the workers."""

from contextlib import closing
from datetime import datetime

from celery import shared_task
from django.db import transaction

from bss.kernel import clock
from orders.provisioning.platform import provisioner
from orders.services import provisioning


@shared_task(acks_late=True)
def execute_ready(order_id: int | None = None) -> int:
    """Execute what is ready, of one order or of all, and what becomes ready by that."""
    done = 0
    with closing(provisioner()) as platform:
        while claimed := provisioning.claim(now=clock.real_now(), order_id=order_id):
            done += provisioning.execute(
                claimed, platform=platform, at=clock.now(), now=clock.real_now()
            )
    return done


def start(*, order_id: int, at: datetime, **_: object) -> None:
    """Have a worker look at an order after the commit; the sweep finds what this misses."""
    transaction.on_commit(
        lambda: execute_ready.apply_async((order_id,), retry=False, expires=60), robust=True
    )


def sweep(*, at: datetime) -> None:
    """Look for work orders that were missed, or whose pause is over."""
    transaction.on_commit(lambda: execute_ready.apply_async(expires=60), robust=True)
