"""The sealer chains what is committed, in whatever order, once, by one sealer at a time."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from bss.kernel import audit
from bss.kernel.audit.seal import SEALER_LOCK, seal
from bss.kernel.audit.verify import verify
from bss.kernel.clock import real_now
from bss.kernel.models import AuditEntry, AuditLink
from bss.kernel.periods import local_moment

NOON = local_moment("2026-10-03T12:00")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another() -> Iterator[BaseDatabaseWrapper]:
    """A second session of the product, in a transaction of its own."""
    other = connection.copy()
    other.set_autocommit(False)
    yield other
    other.rollback()
    other.close()


def write_in(other: BaseDatabaseWrapper, subject: str) -> None:
    with other.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditentry (kind, at, recorded_at, action, subject, reason, source,"
            " address, session, interface, detail, digest)"
            " VALUES ('act', now(), now(), 'x', %s, '', '', '', '', '', '{}', '')",
            [subject],
        )


def chained() -> list[str]:
    subjects = dict(AuditEntry.objects.values_list("id", "subject"))
    return [subjects[link.entry_id] for link in AuditLink.objects.order_by("seq")]


def test_a_long_transaction_is_chained_when_it_ends_and_nobody_waits_for_it(another) -> None:
    write_in(another, "early:1")
    audit.record(action="x", subject="late:1", at=NOON)

    assert seal(at=real_now()) == 1
    another.commit()
    assert seal(at=real_now()) == 1

    assert chained() == ["late:1", "early:1"]
    assert verify(at=real_now()).faults == ()


def test_what_was_rolled_back_leaves_no_gap(another) -> None:
    write_in(another, "never:1")
    another.rollback()
    audit.record(action="x", subject="late:1", at=NOON)

    assert seal(at=real_now()) == 1
    assert verify(at=real_now()).faults == ()


def test_there_is_one_sealer_at_a_time(another) -> None:
    audit.record(action="x", subject="late:1", at=NOON)
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])

    assert seal(at=real_now()) == 0
    another.rollback()
    assert seal(at=real_now()) == 1
    assert seal(at=real_now()) == 0
