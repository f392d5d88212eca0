"""Whoever holds the database but not the audit's key cannot change the audit unseen.

Every attack is raw SQL of a superuser with all triggers off.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from bss.kernel import audit, clock
from bss.kernel.audit.anchors import all_anchors, read_anchor, write_anchor
from bss.kernel.audit.seal import seal
from bss.kernel.audit.verify import verify
from bss.kernel.models import AuditEntry, AuditLink, AuditWaiting
from bss.kernel.periods import local_moment

NOON = local_moment("2026-10-03T12:00")

pytestmark = pytest.mark.django_db

OUTSIDE_TESTS = "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL bss.throw_away_database = off; "

Anchors = Callable[[], Path]


@pytest.fixture(autouse=True)
def anchor(settings, tmp_path: Path) -> Anchors:
    """Print the day's anchor."""
    settings.AUDIT_ANCHOR_DIR = tmp_path
    return lambda: write_anchor(at=NOON, written_at=clock.real_now())


@pytest.fixture
def five() -> list[int]:
    """Five sealed entries, told apart by their subjects."""
    for n in range(5):
        audit.record(action="customer.list", subject=f"customer:{n}", at=NOON, customer_id=n)
    seal(at=clock.real_now())
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def attack(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


def faults(*, later: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    found = verify(at=clock.real_now() + later, anchors=all_anchors()).faults
    return [(fault.kind, fault.where) for fault in found]


def test_what_the_product_wrote_is_in_order(five: list[int], anchor: Anchors) -> None:
    anchor()

    verified = verify(at=clock.real_now(), anchors=all_anchors())

    assert (verified.links, verified.unsealed, verified.last_seq) == (5, 0, 5)
    assert verified.faults == ()


@pytest.mark.parametrize(
    "change",
    [
        "reason = '另有原因'",
        "staff_id = NULL, action = 'customer.view'",
        "customer_id = 77",
        "at = at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 day'",
        "address = '10.0.0.9'",
        'detail = \'{"after": "red"}\'',
        "kind = 'read'",
        "session = 'x', interface = 'y', source = 'z'",
    ],
)
def test_an_altered_entry_is_found(five: list[int], change: str) -> None:
    attack(f"UPDATE kernel_auditentry SET {change} WHERE id = %s", five[2])

    assert faults() == [("altered", f"审计记录 {five[2]}")]


def test_an_entry_altered_with_a_digest_copied_from_another_is_found(five: list[int]) -> None:
    attack(
        "UPDATE kernel_auditentry SET reason = 'x', digest ="
        " (SELECT digest FROM kernel_auditentry WHERE id = %s) WHERE id = %s",
        five[0],
        five[2],
    )

    assert faults() == [("altered", f"审计记录 {five[2]}"), ("reordered", "链 3")]


def test_a_deleted_entry_is_found(five: list[int]) -> None:
    attack("DELETE FROM kernel_auditentry WHERE id = %s", five[2])

    assert faults() == [("missing", f"审计记录 {five[2]}")]


def test_an_entry_deleted_with_its_link_is_found(five: list[int]) -> None:
    attack("DELETE FROM kernel_auditentry WHERE id = %s", five[2])
    attack("DELETE FROM kernel_auditlink WHERE seq = 3")

    assert faults() == [("missing", "链 3–3")]


def test_links_that_close_the_gap_are_found(five: list[int]) -> None:
    attack("DELETE FROM kernel_auditentry WHERE id = %s", five[2])
    attack("DELETE FROM kernel_auditlink WHERE seq = 3")
    attack("UPDATE kernel_auditlink SET seq = seq - 1 WHERE seq = 4")
    attack("UPDATE kernel_auditlink SET seq = seq - 1 WHERE seq = 5")

    assert {kind for kind, _ in faults()} == {"reordered"}


def test_entries_that_changed_places_are_found(five: list[int]) -> None:
    one, other = five[1], five[3]
    attack("UPDATE kernel_auditentry SET id = -1 WHERE id = %s", one)
    attack("UPDATE kernel_auditentry SET id = %s WHERE id = %s", one, other)
    attack("UPDATE kernel_auditentry SET id = %s WHERE id = -1", other)

    assert [fault for fault in faults() if fault[0] == "altered"] == [
        ("altered", f"审计记录 {one}"),
        ("altered", f"审计记录 {other}"),
    ]


def test_links_that_changed_places_are_found(five: list[int]) -> None:
    attack("UPDATE kernel_auditlink SET entry_id = -1 WHERE seq = 2")
    attack("UPDATE kernel_auditlink SET entry_id = %s WHERE seq = 4", five[1])
    attack("UPDATE kernel_auditlink SET entry_id = %s WHERE seq = 2", five[3])

    assert faults() == [("reordered", "链 2"), ("reordered", "链 4")]


def test_an_entry_smuggled_in_is_found_before_and_after_it_is_sealed(five: list[int]) -> None:
    columns = "kind, at, recorded_at, action, subject, reason, source, address, session, interface"
    attack(
        f"INSERT INTO kernel_auditentry ({columns}, detail, digest)"
        f" SELECT {columns}, detail, digest FROM kernel_auditentry WHERE id = %s",
        five[0],
    )
    smuggled = AuditEntry.objects.latest("id").pk
    assert faults() == [("inserted", f"审计记录 {smuggled}")]

    AuditWaiting.objects.create(entry_id=smuggled)
    seal(at=clock.real_now())

    assert faults() == [("altered", f"审计记录 {smuggled}")]


def test_an_entry_written_by_hand_without_the_key_is_found(five: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL bss.audit_inner = ''")
    audit.record(action="customer.list", subject="customer:9", at=NOON)
    seal(at=clock.real_now())

    assert faults() == [("inserted", f"审计记录 {AuditEntry.objects.latest('id').pk}")]


def test_a_tail_that_was_cut_is_found_by_the_anchor_alone(five: list[int], anchor: Anchors) -> None:
    path = anchor()
    attack("DELETE FROM kernel_auditentry WHERE id = ANY (%s)", five[3:])
    attack("DELETE FROM kernel_auditlink WHERE seq > 3")

    assert verify(at=clock.real_now()).faults == ()
    assert faults() == [("cut", path.name)]


def test_a_tail_that_was_cut_and_grown_again_is_found_by_the_anchor(
    five: list[int], anchor: Anchors
) -> None:
    path = anchor()
    attack("DELETE FROM kernel_auditentry WHERE id = ANY (%s)", five[3:])
    attack("DELETE FROM kernel_auditlink WHERE seq > 3")
    audit.record(action="customer.view", subject="customer:1", at=NOON)
    audit.record(action="customer.view", subject="customer:2", at=NOON)
    seal(at=clock.real_now())

    assert faults() == [("reordered", path.name)]


def test_what_waits_too_long_is_found(five: list[int]) -> None:
    audit.record(action="customer.view", subject="customer:1", at=NOON)
    late = AuditEntry.objects.latest("id").pk

    assert faults() == []
    assert faults(later=timedelta(minutes=2)) == [("unsealed", f"审计记录 {late}")]


def test_an_entry_whose_turn_was_taken_away_is_found(five: list[int]) -> None:
    audit.record(action="customer.view", subject="customer:1", at=NOON)
    late = AuditEntry.objects.latest("id").pk
    attack("DELETE FROM kernel_auditwaiting")
    seal(at=clock.real_now())

    assert faults(later=timedelta(minutes=2)) == [("unsealed", f"审计记录 {late}")]


def test_an_entry_deleted_before_it_was_sealed_is_found(five: list[int]) -> None:
    audit.record(action="customer.view", subject="customer:1", at=NOON)
    gone = AuditEntry.objects.latest("id").pk
    attack("DELETE FROM kernel_auditentry WHERE id = %s", gone)
    seal(at=clock.real_now())

    assert faults() == [("missing", f"审计记录 {gone}")]


def test_a_guard_that_was_switched_off_is_found(five: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditlink DISABLE TRIGGER kernel_audit_link_only_grows")

    assert faults() == [("unguarded", "kernel_audit_link_only_grows")]


@pytest.mark.parametrize("table", ["kernel_auditentry", "kernel_auditlink"])
@pytest.mark.parametrize(
    "sql", ["DELETE FROM {}", "UPDATE {} SET {}", OUTSIDE_TESTS + "TRUNCATE {}"]
)
def test_the_product_itself_cannot_change_or_delete(five: list[int], table: str, sql: str) -> None:
    column = "reason = ''" if table == "kernel_auditentry" else "entry_id = -entry_id"

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(sql.format(table, column))

    assert (AuditEntry.objects.count(), AuditLink.objects.count()) == (5, 5)


def test_from_an_anchor_on_only_what_follows_is_looked_at(five: list[int], anchor: Anchors) -> None:
    since = read_anchor(anchor())
    audit.record(action="customer.view", subject="customer:1", at=NOON)
    seal(at=clock.real_now())
    attack("DELETE FROM kernel_auditlink WHERE seq <= 4")  # archived
    attack("DELETE FROM kernel_auditentry WHERE id <= %s", five[4])

    verified = verify(at=clock.real_now(), since=since)

    assert (verified.links, verified.last_seq, verified.faults) == (1, 6, ())
