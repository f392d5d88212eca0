"""The parts of a closed month become one; what they hold is what it was."""

import pytest
from django.db import connection

from billing.batch.usage import load as load_module
from billing.batch.usage import merge
from billing.models import ClosedMonth
from billing.services import usage
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator, at

CALL = {
    "service_number": "01062000001", "call_type": "mo", "other_number": "01088880001",
    "duration_s": 600,
}  # fmt: skip


@pytest.fixture
def six_large_loads(monkeypatch):
    an_operator()
    monkeypatch.setattr(load_module, "MANY", 1)
    monkeypatch.setattr("billing.batch.usage.known.FEW", 0)
    for day in range(1, 7):
        usage.load(rows=[a_call(day)], at=LOADED_AT)


def a_call(day: int) -> dict[str, object]:
    return {**CALL, "record_id": f"day {day}", "start_at": f"2026-10-{day:02}T09:00:00"}


def stored() -> list[tuple[object, ...]]:
    """The rows but for the part that each is in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file_id, line_no, line, month, billed_month, subscription_id, bundle_id, item,"
            " way, area, quantity, end_at, duration_s, vpn_before, vpn_minutes, draw_before,"
            " drawn_units, amount_hao, info_fee_hao, rate_id, key FROM billing_record ORDER BY 1, 2"
        )
        return cursor.fetchall()


def parts() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(merge.PARTS, ["billing_record_2026_10"])
        return [part for part, _ in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.usefixtures("six_large_loads")
def test_many_parts_become_one_with_the_same_rows():
    before = stored()
    assert len(parts()) == 7

    assert merge.merge_parts(OCTOBER) == 6

    assert len(parts()) == 2
    assert stored() == before
    assert merge.merge_parts(OCTOBER) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("six_large_loads")
def test_after_a_merge_ids_are_known_and_late_records_come():
    merge.merge_parts(OCTOBER)
    ClosedMonth.objects.create(month=OCTOBER.first_day, closed_at=at("2026-11-03T02:00"))

    report = usage.load(rows=[a_call(3), a_call(8)], at=at("2026-11-05T09:00"))

    assert (report.rated, report.late, report.rejected) == (1, 1, {"duplicate": 1})


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ({}, []),
        ({0: 9, 1: 1, 2: 1, 3: 1, 4: 1}, []),
        ({0: 9, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, [1, 2, 3, 4, 5]),
        ({1: 1, 2: 1, 3: 20_000_000, 4: 1, 5: 1}, [1, 2, 4, 5]),
        (dict.fromkeys(range(1, 7), 19_000_000), []),
    ],
)
def test_only_many_small_parts_are_merged(rows, merged):
    assert merge.mergeable(rows) == merged
