"""Set-based work says once what it did: counts, sums and a digest, not a million rows."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from bss.kernel.audit.records import write
from bss.kernel.models.audit import AuditEntry

SETTING = "bss.audit_as_one"


@contextmanager
def as_one(
    *, action: str, subject: str, at: datetime, staff_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """Inside, watched tables are silent; what the body puts into the dict is the one entry.

    Runs in the caller's transaction: when the body fails, it is rolled back with the silence.
    """
    told: dict[str, Any] = {}
    before = _set("on")
    yield told
    _set(before)
    told.setdefault("digest", _digest(told))
    write(
        kind=AuditEntry.Kind.STEP,
        action=action,
        subject=subject,
        at=at,
        staff_id=staff_id,
        detail=told,
    )


def _set(value: str) -> str:
    """Set it for this transaction; gives what it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)",
            [SETTING, SETTING, value],
        )
        return str(cursor.fetchone()[0])


def _digest(told: dict[str, Any]) -> str:
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
