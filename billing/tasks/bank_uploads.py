"""Uploaded bank files on the workers: each that waits is taken in, whatever became of others."""

import logging
from datetime import datetime

from celery import shared_task
from django.db import transaction

from billing.models import BankUpload
from billing.services import bank_uploads
from bss.kernel import clock
from bss.kernel.audit import acting

log = logging.getLogger(__name__)


@shared_task(acks_late=True)
def take_in_uploads() -> int:
    """Take in what waits and nobody has; how many were settled."""
    waiting = BankUpload.objects.filter(state=BankUpload.State.RECEIVED).order_by("pk")
    with acting(source="task take_in_uploads"):
        return sum(_take_in(pk) for pk in list(waiting.values_list("pk", flat=True)))


def offer() -> None:
    """Have a worker look, once what is being written is there."""
    transaction.on_commit(lambda: take_in_uploads.apply_async(retry=False, expires=50), robust=True)


def sweep(*, at: datetime) -> None:
    """Offer again what a lost message or a dead worker left behind."""
    if BankUpload.objects.filter(state=BankUpload.State.RECEIVED).exists():
        offer()


def _take_in(upload_id: int) -> bool:
    """A file that breaks its worker stops no other; the next sweep tries it again."""
    try:
        return bank_uploads.take_in(upload_id=upload_id, at=clock.now())
    except Exception:
        log.exception("bank upload %s was interrupted", upload_id)
        return False
