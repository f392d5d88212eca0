"""入职."""

from datetime import timedelta

import pytest

from bss.identity.services.staff_leaving import leave
from bss.kernel import access, approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, Organisation, OutboxEvent, Staff
from tests.builders.accounts import MORNING, WHY, a_hired, a_province, place, two_officers

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    a_province()
    return two_officers()


def test_who_joins_gets_an_account_that_opens_with_a_one_time_password(officers) -> None:
    # when
    hired = a_hired(officers[0])

    # then
    staff = Staff.objects.get(username="clerk08")
    assert (staff.display_name, staff.phone, staff.organisation) == (
        "秦朗",
        "13900003108",
        place("HE031101"),
    )
    assert (staff.state, staff.is_active, staff.must_change_password) == ("entered", True, True)
    assert staff.check_password(hired.one_time_password)
    assert hired.approval is None


def test_joining_is_recorded_and_announced_without_the_password(officers) -> None:
    hired = a_hired(officers[0])

    entry = AuditEntry.objects.get(action="staff.hired")
    assert (entry.subject, entry.staff, entry.reason) == (
        f"staff:{hired.staff.pk}",
        officers[0],
        WHY,
    )
    assert entry.detail == {"place": "石家庄中心营业厅"}
    assert OutboxEvent.objects.get(name="staff.hired").payload == {"staff_id": hired.staff.pk}
    kept = [*AuditEntry.objects.values_list("detail"), *OutboxEvent.objects.values_list("payload")]
    assert hired.one_time_password not in str(kept)


def test_the_roles_come_only_with_the_second_persons_approval(officers) -> None:
    # given
    hired = a_hired(officers[0], role_codes=["clerk"])
    assert list(hired.staff.roles.all()) == []
    assert not access.can(hired.staff, "payment.take")

    # when
    approvals.decide(
        approval_id=hired.approval.pk,
        decided_by_id=officers[1].pk,
        approve=True,
        at=MORNING + timedelta(hours=1),
    )

    # then
    staff = Staff.objects.get(pk=hired.staff.pk)
    assert list(staff.roles.values_list("code", flat=True)) == ["clerk"]
    assert access.can(staff, "payment.take")


@pytest.mark.parametrize(
    ("changes", "place_of_fault", "sentence"),
    [
        ({"number": "8clerk"}, "number", "工号以小写字母开头"),
        ({"number": "Clerk08"}, "number", "工号以小写字母开头"),
        ({"number": "ab"}, "number", "工号以小写字母开头"),
        ({"number": "security02"}, "number", "工号 security02 已有人使用"),
        ({"reason": "  "}, "reason", "请写明原因"),
        ({"role_codes": ["auditor", "clerk"]}, "roles", "“审计员”与“营业员”不能由同一人担任"),
    ],
)
def test_a_faulty_entry_is_refused_and_nothing_is_kept(
    officers, changes, place_of_fault, sentence
) -> None:
    with pytest.raises(BadInputError) as refused:
        a_hired(officers[0], **changes)

    [(where, why)] = refused.value.faults
    assert where == place_of_fault
    assert why.startswith(sentence)
    assert Staff.objects.count() == 2
    assert not Approval.objects.exists()


def test_nobody_is_hired_into_a_closed_place(officers) -> None:
    Organisation.objects.filter(code="HE031101").update(active=False)

    with pytest.raises(BadInputError, match="石家庄中心营业厅 已撤销"):
        a_hired(officers[0])


def test_a_number_of_one_who_left_is_not_given_again(officers) -> None:
    gone = a_hired(officers[0])
    leave(staff_id=gone.staff.pk, successor_id=None, reason=WHY, by_id=officers[0].pk, at=MORNING)

    with pytest.raises(BadInputError, match="工号不会重复发放"):
        a_hired(officers[0], name="别人")
