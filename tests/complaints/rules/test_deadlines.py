import pytest

from bss.kernel.periods import local_moment
from complaints.models import Case
from complaints.rules.categories import BY_CODE, CATEGORIES
from complaints.rules.deadlines import Standing, minutes_left, promise_for, standing_at


def test_every_category_has_its_own_code_a_known_kind_and_its_source():
    assert len(BY_CODE) == len(CATEGORIES)
    for category in CATEGORIES:
        assert category.kind in Case.Kind.values
        assert category.source.startswith("CARE-3")
        assert category.minutes > 0


def test_a_bill_dispute_is_due_in_three_working_days():
    promise = promise_for(BY_CODE["bill_dispute"], accepted_at=local_moment("2026-09-30T10:00"))
    # 30 September, 8 and 9 October work; the next is Saturday the 10th, a make-up day
    assert promise.due_at == local_moment("2026-10-10T10:00")


def test_a_fault_is_due_in_48_hours_of_every_day():
    promise = promise_for(BY_CODE["line_fault"], accepted_at=local_moment("2026-10-01T02:00"))
    assert promise.due_at == local_moment("2026-10-03T02:00")
    assert promise.warns_at == local_moment("2026-10-02T14:00")


def test_the_warning_comes_in_working_time_with_a_quarter_left():
    promise = promise_for(BY_CODE["bill_enquiry"], accepted_at=local_moment("2026-10-15T16:30"))
    assert promise.warns_at == local_moment("2026-10-16T10:30")
    assert promise.due_at == local_moment("2026-10-16T11:30")


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        ("2026-10-16T10:29", Standing.ON_TIME),
        ("2026-10-16T10:30", Standing.AT_RISK),
        ("2026-10-16T11:30", Standing.AT_RISK),
        ("2026-10-16T11:31", Standing.OVERDUE),
    ],
)
def test_a_case_stands_by_its_own_moments(moment, standing):
    promise = promise_for(BY_CODE["bill_enquiry"], accepted_at=local_moment("2026-10-15T16:30"))
    assert (
        standing_at(local_moment(moment), warns_at=promise.warns_at, due_at=promise.due_at)
        is standing
    )


def test_minutes_left_are_of_the_categorys_clock():
    friday_evening = local_moment("2026-10-16T17:00")
    monday_ten = local_moment("2026-10-19T10:00")
    left = minutes_left(BY_CODE["bill_dispute"], due_at=monday_ten, at=friday_evening)
    assert left == 120
    left = minutes_left(BY_CODE["line_fault"], due_at=monday_ten, at=friday_evening)
    assert left == 65 * 60
