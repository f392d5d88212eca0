"""Automatic work orders on the workers."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from celery import shared_task
from django.db import transaction

from bss.kernel import clock
from orders.models import NetworkOrder
from orders.provisioning.platform import provisioner
from orders.services import network, provisioning


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


@shared_task(acks_late=True)
def execute_network() -> int:
    """Stop and restore what is due in the network, lot by lot."""
    done = 0
    with closing(provisioner()) as platform:
        while claimed := network.claim(now=clock.real_now()):
            done += network.execute(
                claimed, platform=platform, at=clock.now(), now=clock.real_now()
            )
    return done


def stop_lines(*, at: datetime, subscription_ids: Sequence[int], **_: object) -> None:
    """Suspended lines are stopped in the network, too."""
    _ask_network(NetworkOrder.Type.STOP, subscription_ids, at=at)


def restore_lines(*, at: datetime, subscription_ids: Sequence[int], **_: object) -> None:
    """Lines whose stop was lifted work again."""
    _ask_network(NetworkOrder.Type.RESTORE, subscription_ids, at=at)


def remove_lines(*, at: datetime, subscription_ids: Sequence[int], **_: object) -> None:
    """Pre-terminated lines are taken out of the network (CRD-4)."""
    _ask_network(NetworkOrder.Type.REMOVE, subscription_ids, at=at)


def sweep(*, at: datetime) -> None:
    """Look for work orders that were missed, or whose pause is over."""
    transaction.on_commit(lambda: execute_ready.apply_async(expires=60), robust=True)
    transaction.on_commit(lambda: execute_network.apply_async(expires=60), robust=True)


def _ask_network(type_: str, subscription_ids: Sequence[int], *, at: datetime) -> None:
    network.open_for(type_=type_, subscription_ids=subscription_ids, at=at)
    transaction.on_commit(lambda: execute_network.apply_async(retry=False, expires=60), robust=True)
