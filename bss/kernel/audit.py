"""One call to record who did or saw what."""

from datetime import datetime
from typing import Any

from bss.kernel.models import AuditEntry


def record(
    *,
    action: str,
    subject: str,
    at: datetime,
    staff_id: int | None = None,
    customer_id: int | None = None,
    reason: str = "",
    source: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write an audit entry in the caller's transaction; ``subject`` is ``noun:id``."""
    AuditEntry.objects.create(
        action=action,
        subject=subject,
        at=at,
        staff_id=staff_id,
        customer_id=customer_id,
        reason=reason,
        source=source,
        detail=detail or {},
    )
