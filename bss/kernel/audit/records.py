"""Entries that services write, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bss.kernel.acting import present
from bss.kernel.models.audit import AuditEntry


def record(
    *,
    action: str,
    subject: str,
    at: datetime,
    staff_id: int | None = None,
    customer_id: int | None = None,
    reason: str = "",
    source: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write what was done; ``subject`` is ``noun:id``. Who and where default to ``acting``."""
    write(
        kind=AuditEntry.Kind.ACT,
        action=action,
        subject=subject,
        at=at,
        staff_id=staff_id,
        customer_id=customer_id,
        reason=reason,
        source=source,
        detail=detail,
    )


def read_personal(
    *,
    kind: str,
    customer_ids: Iterable[int],
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write that personal data of these customers was read in clear: one entry for each.

    ``kind`` names the way: ``reveal``, ``export``, ``pdf``, ``api``, ``search``.
    """
    AuditEntry.objects.bulk_create(
        [
            _entry(
                kind=AuditEntry.Kind.READ,
                action=f"personal.{kind}",
                subject=f"customer:{customer_id}",
                at=at,
                customer_id=customer_id,
                reason=reason,
                detail=detail,
            )
            for customer_id in sorted(set(customer_ids))
        ],
        batch_size=1000,
    )


def write(**said: Any) -> None:
    """Write one entry of any kind."""
    _entry(**said).save(force_insert=True)


def _entry(
    *,
    kind: str,
    action: str,
    subject: str,
    at: datetime,
    staff_id: int | None = None,
    customer_id: int | None = None,
    reason: str = "",
    source: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    now = present()
    person = now.person()
    return AuditEntry(
        kind=kind,
        action=action,
        subject=subject,
        at=at,
        staff_id=staff_id if staff_id is not None else person.staff_id,
        customer_id=customer_id,
        reason=reason or now.reason,
        source=source or now.source,
        address=now.address,
        session=person.session,
        interface=person.interface,
        detail=dict(detail or {}),
    )
