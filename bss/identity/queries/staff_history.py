"""The life of one main account, as the audit has it."""

from collections.abc import Iterable

from bss.kernel.models import AuditEntry, Staff

SHOWN = 40


def history_of(staff: Staff, *, actions: Iterable[str]) -> list[AuditEntry]:
    """What was done to and with this account, the newest first."""
    found = AuditEntry.objects.filter(subject=f"staff:{staff.pk}", action__in=list(actions))
    return list(found.select_related("staff").order_by("-at", "-id")[:SHOWN])
