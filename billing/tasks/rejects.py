"""Judging many rejects again: the filters in, one service called, how many are rated out."""

from collections.abc import Mapping

from celery import shared_task

from billing.queries.rejects import rejects_found
from billing.services import reject_mending
from bss.kernel import clock
from bss.kernel.periods import local_moment


@shared_task
def retry(asked: Mapping[str, str], at: str | None = None, by_id: int | None = None) -> int:
    """Judge the open rejects that fit again; gives how many are rated now."""
    moment = local_moment(at) if at else clock.now()
    rejects = rejects_found(asked)
    return reject_mending.retry(rejects=rejects, at=moment, by_id=by_id).rated
