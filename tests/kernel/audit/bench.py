"""What the audit costs: payments with and without it, sealing, verifying, searching a million."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from unittest.mock import patch

from django.db import connection

from billing.services import payments
from bss.kernel import audit
from bss.kernel.audit.seal import seal
from bss.kernel.audit.verify import verify
from bss.kernel.clock import real_now
from bss.kernel.periods import local_moment

NOON = local_moment("2026-10-03T12:00")
_keys = count(1)


def payments_per_second(
    *, account_id: int, channel_id: int, staff_id: int, made: int, audited: bool
) -> float:
    """Payments of 10 yuan, one after the other, each in a transaction of its own.

    Without audit no entry is written and the database session is told nothing.
    """
    telling: AbstractContextManager[object] = patch.object(payments.audit, "record")
    if audited:
        telling = audit.acting(staff_id=staff_id, source="web", address="10.1.2.3")

    def pay() -> None:
        for _ in range(made):
            payments.pay(
                account_id=account_id,
                amount_fen=1000,
                key=f"bench-{next(_keys)}",
                at=NOON,
                channel_id=channel_id,
                by_id=staff_id,
            )

    with telling:
        return per_second(made, pay)


def per_second(what: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return what / (time.perf_counter() - began)


def fill(entries: int) -> None:
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


def sealed_per_second(entries: int) -> float:
    return per_second(entries, lambda: seal(at=real_now()))


def verified_per_second(entries: int) -> float:
    return per_second(entries, lambda: verify(at=real_now()))
