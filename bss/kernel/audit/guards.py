"""The triggers without which the audit would not grow, or could shrink."""

from django.db import connection

GUARDS = (
    ("kernel_auditentry", "kernel_audit_entry_only_grows"),
    ("kernel_auditentry", "kernel_audit_entry_written"),
    ("kernel_auditlink", "kernel_audit_link_only_grows"),
)


def missing_guards() -> list[str]:
    """Those that were dropped or are switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = ANY (%s::regclass[]) AND tgenabled IN ('O', 'A')",
            [[table for table, _ in GUARDS]],
        )
        here = {name for (name,) in cursor.fetchall()}
    return [name for _, name in GUARDS if name not in here]
