"""The life of one main account, as the audit has it."""

from bss.kernel.models import AuditEntry, Staff

SHOWN = 40


def history_of(staff: Staff) -> list[AuditEntry]:
    """What was done to and with this account, the newest first."""
    found = AuditEntry.objects.filter(subject=f"staff:{staff.pk}", action__startswith="staff.")
    return list(found.select_related("staff").order_by("-at", "-id")[:SHOWN])
