"""The outbox: what happened goes up as a row of the same transaction, and is handled once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, models, transaction

from bss.kernel.clock import real_now
from bss.kernel.logs import error_line
from bss.kernel.models.outbox import OutboxEvent

Handler = Callable[..., object]
Handlers = Mapping[str, Sequence[Handler]]

FIRST_RETRY_S = 2
LAST_RETRY_S = 600
NUDGED = "outbox:nudged"

log = logging.getLogger(__name__)


def announce(name: str, payload: Mapping[str, Any], *, at: datetime) -> OutboxEvent:
    """Tell whoever is above that ``name`` happened; handled soon after the commit.

    Shape: ``payload`` is JSON: ids and plain values.
    """
    event = OutboxEvent.objects.create(name=name, payload=dict(payload), at=at)
    nudge_on_commit()
    return event


def announce_many(name: str, payloads: Sequence[Mapping[str, Any]], *, at: datetime) -> int:
    """The same for a set-based step: one statement for all."""
    OutboxEvent.objects.bulk_create(
        [OutboxEvent(name=name, payload=dict(payload), at=at) for payload in payloads]
    )
    nudge_on_commit()
    return len(payloads)


def drain(handlers: Handlers, *, limit: int = 200, reraise: bool = False) -> int:
    """Handle waiting events, oldest first; give how many were handled.

    Each event is claimed, handled by ``handler(at=…, **payload)`` and marked in one transaction: a
    handler's own rows and the mark come together or not at all. A failed one waits and is retried,
    the others go on. With ``reraise`` the first failure is raised instead (scenarios).

    Locks: the event's row, skipping those that another process has.
    """
    handled = 0
    while handled < limit and _handle_next(handlers, reraise=reraise):
        handled += 1
    return handled


def nudge_on_commit() -> None:
    """Ask a worker to drain after the commit, once per transaction; best effort."""
    if not any(entry[1] is _nudge for entry in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _handle_next(handlers: Handlers, *, reraise: bool) -> bool:
    """Handle one event; whether there may be more. A failure is noted and counts as handled."""
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(handled_at__isnull=True)
            .filter(models.Q(retry_after__isnull=True) | models.Q(retry_after__lte=real_now()))
            .order_by("id")
            .first()
        )
        if event is None:
            return False
        try:
            with transaction.atomic():
                for handler in handlers.get(event.name, ()):
                    handler(at=event.at, **event.payload)
        except Exception as error:
            if reraise:
                raise
            log.exception("outbox event %s %s failed", event.pk, event.name)
            _note_failure(event, error)
        else:
            event.handled_at = real_now()
            event.save(update_fields=["handled_at"])
        return True


def _note_failure(event: OutboxEvent, error: Exception) -> None:
    pause_s = min(FIRST_RETRY_S * 2**event.attempts, LAST_RETRY_S)
    event.attempts += 1
    event.last_error = error_line(error)
    event.retry_after = real_now() + timedelta(seconds=pause_s)
    event.save(update_fields=["attempts", "last_error", "retry_after"])


def _nudge() -> None:
    from bss.kernel.tasks import sweep_outbox

    if cache.add(NUDGED, 1, timeout=2):
        sweep_outbox.apply_async(retry=False, expires=60)
