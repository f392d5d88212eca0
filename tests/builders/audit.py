"""Audit entries in numbers that no service would write one by one."""

from django.db import connection

from bss.kernel.periods import local_moment

NOON = local_moment("2026-10-03T12:00")


def many_entries(entries: int) -> None:
    """So many reads of 5000 customers, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_auditentry (kind, at, recorded_at, action, subject, customer_id,
                reason, source, address, session, interface, detail, digest)
            SELECT 'read', %s::timestamptz + n * interval '1 second', clock_timestamp(),
                'personal.reveal', 'customer:' || n %% 5000, n %% 5000, '来电核实', 'web',
                '10.0.' || n %% 90 || '.7', '', '', '{}', ''
            FROM generate_series(1, %s) n
            """,
            [NOON, entries],
        )
        cursor.execute("ANALYZE kernel_auditentry")
