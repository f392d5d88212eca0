"""A month closed by Celery workers, woken by messages that may be lost with any of them."""

import os
import threading
import time
from pathlib import Path

from django.db import connection

from billing.tasks import month
from bss.celery import app
from bss.kernel.models import BatchRun
from bss.kernel.tasks import sweep_runs
from tests.bench.world import OCTOBER

CLOSED_AT = "2026-12-03T02:00"
LOOK_S = 0.1


def close_by_workers(_: Path) -> None:
    """Be a worker until November is closed; sweep as beat does, in case nobody was woken."""
    month.close.delay(str(OCTOBER.next), CLOSED_AT)
    threading.Thread(target=_leave_when_closed, daemon=True).start()
    app.Worker(pool="solo", concurrency=1, loglevel="ERROR", quiet=True).start()


def _leave_when_closed() -> None:
    runs = BatchRun.objects.filter(key=str(OCTOBER.next), state=BatchRun.State.DONE)
    while not runs.exists():
        connection.close()
        time.sleep(LOOK_S)
        sweep_runs.delay()
    os._exit(0)
