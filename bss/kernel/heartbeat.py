"""Beat's sign of life: a key in the cache that it renews while it works."""

import logging
import time
from typing import Any

from celery.beat import Scheduler
from django.core.cache import cache

KEY = "beat:seen"
RENEWED_EVERY_S = 2.0
SILENT_AFTER_S = 15

log = logging.getLogger(__name__)


class HeartbeatScheduler(Scheduler):
    """Beat without a file of its own: its few entries recur every seconds, the rest is in the
    database (``bss.kernel.schedule``), so nothing can be lost or corrupted with it."""

    _renewed_at = 0.0

    def tick(self, *args: Any, **options: Any) -> float:
        if time.monotonic() - self._renewed_at >= RENEWED_EVERY_S:
            self._renewed_at = time.monotonic()
            try:
                cache.set(KEY, time.time(), timeout=SILENT_AFTER_S)
            except Exception as error:  # the broker is away: healthz says so, beat goes on
                log.warning("no heartbeat: %s", error)
        return min(super().tick(*args, **options), RENEWED_EVERY_S)


def beat_is_alive() -> bool:
    return cache.get(KEY) is not None
