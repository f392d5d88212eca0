"""Start a step of the month once: by a worker when one answers, else here and now."""

import logging
from datetime import datetime
from typing import Any

from celery import current_app
from django.core.cache import cache

from billing.tasks import month as tasks
from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError

log = logging.getLogger(__name__)

PATIENCE_S = 0.5
ASKED_FOR_S = 15
QUEUED, DONE, ALREADY, FAILED = "queued", "done", "already", "failed"


def start_step(name: str, month: Month, *, at: datetime) -> str:
    """What became of it: queued, done, already, failed.

    A second press within seconds does nothing; a later one is harmless, because the services do
    every step once (EFF-5, BIL-6).
    Raises: BadInputError, RefusedError of the service.
    """
    if not cache.add(_key(name, month), 1, timeout=ASKED_FOR_S):
        return ALREADY
    task, arguments = _task(name, month, at)
    if worker_answers():
        task.delay(*arguments)
        return QUEUED
    try:
        task(*arguments)
    except (BadInputError, RefusedError):
        raise
    except Exception:  # the run has noted it on its step, where the page shows it
        log.exception("step %s of %s failed", name, month)
        return FAILED
    finally:
        cache.delete(_key(name, month))
    return DONE


def asked_for(month: Month) -> frozenset[str]:
    """The steps that were handed to a worker a moment ago."""
    return frozenset(name for name in ("start", "close") if cache.get(_key(name, month)))


def worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PATIENCE_S, limit=1))
    except Exception:  # whatever it is, nobody is there to do it
        return False


def _task(name: str, month: Month, at: datetime) -> tuple[Any, list[str]]:
    if name == "credit":
        return tasks.run_credit, [at.isoformat()]
    task = tasks.start if name == "start" else tasks.close
    return task, [str(month), at.isoformat()]


def _key(name: str, month: Month) -> str:
    return f"month-step:{name}:{month}"
