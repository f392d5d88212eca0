"""Alarms of missing usage files: found once, told, narrowed, ended by the file or a person."""

from datetime import timedelta

import pytest

from billing.models import UsageFile, UsageGap
from billing.services import gap_alarms
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Notice
from tests.builders.staff import a_staff
from tests.builders.usage import LOADED_AT

pytestmark = pytest.mark.django_db
LATER = LOADED_AT + timedelta(days=1)


def came(*numbers, switch="BJ-01"):
    for number in numbers:
        UsageFile.objects.create(
            name=f"{number}.csv", switch=switch, sequence=number, loaded_at=LOADED_AT
        )


def gaps():
    return [(str(gap), gap.state) for gap in UsageGap.objects.order_by("switch", "first")]


def test_a_gap_is_found_once_and_told_to_those_who_load_files():
    operator, clerk = a_staff("batch_operator"), a_staff("clerk")
    came(7, 9, 12)
    assert [str(gap) for gap in gap_alarms.look(at=LOADED_AT)] == ["BJ-01 8", "BJ-01 10-11"]
    assert gap_alarms.look(at=LATER) == []
    assert gaps() == [("BJ-01 8", "open"), ("BJ-01 10-11", "open")]
    assert not Notice.objects.filter(staff=clerk).exists()
    told = Notice.objects.filter(staff=operator).order_by("pk")
    assert [notice.sentence for notice in told] == [
        "交换机 BJ-01 缺 1 个话单文件（序号 8），后面的文件已到。",
        "交换机 BJ-01 缺 2 个话单文件（序号 10-11），后面的文件已到。",
    ]
    assert told[0].url == f"/billing/usage-files/gaps/{UsageGap.objects.get(first=8).pk}"


def test_an_alarm_ends_by_itself_when_its_files_come():
    came(1, 3)
    gap_alarms.look(at=LOADED_AT)
    came(2)
    gap_alarms.look(at=LATER)
    gap = UsageGap.objects.get()
    assert (gap.state, gap.ended_at, gap.ended_by) == ("came", LATER, None)


def test_what_comes_from_the_middle_leaves_two_alarms_of_the_same_moment():
    came(1, 9)
    gap_alarms.look(at=LOADED_AT)
    came(4)
    assert gap_alarms.look(at=LATER) == []
    assert gaps() == [("BJ-01 2-3", "open"), ("BJ-01 5-8", "open")]
    assert {gap.found_at for gap in UsageGap.objects.all()} == {LOADED_AT}


def test_each_switch_has_its_own_numbers():
    came(1, 3)
    came(1, 2, 3, switch="BJ-02")
    gap_alarms.look(at=LOADED_AT)
    assert gaps() == [("BJ-01 2", "open")]


def test_a_person_ends_an_alarm_with_a_reason_and_it_does_not_come_back():
    operator = a_staff("batch_operator")
    came(1, 3)
    (gap,) = gap_alarms.look(at=LOADED_AT)
    gap_alarms.excuse(gap_id=gap.pk, reason="割接跳号", by_id=operator.pk, at=LATER)
    assert gap_alarms.look(at=LATER) == []
    gap.refresh_from_db()
    assert (gap.state, gap.reason, gap.ended_by) == ("excused", "割接跳号", operator)
    entry = AuditEntry.objects.get(action="usage_gap.excuse")
    assert (entry.subject, entry.reason, entry.detail["first"]) == (
        f"usagegap:{gap.pk}",
        "割接跳号",
        2,
    )
    with pytest.raises(BadInputError, match="已经结束"):
        gap_alarms.excuse(gap_id=gap.pk, reason="再来", by_id=operator.pk, at=LATER)


def test_what_is_missing_beside_an_explained_gap_is_new():
    operator = a_staff("batch_operator")
    came(5, 7)
    (gap,) = gap_alarms.look(at=LOADED_AT)
    gap_alarms.excuse(gap_id=gap.pk, reason="割接跳号", by_id=operator.pk, at=LOADED_AT)
    came(2, 10)
    assert [str(gap) for gap in gap_alarms.look(at=LATER)] == ["BJ-01 3-4", "BJ-01 8-9"]
