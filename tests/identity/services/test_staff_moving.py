"""调动: what one had stays behind."""

from datetime import timedelta

import pytest

from bss.identity.models import PersonalToken, SubAccount
from bss.identity.services.staff_moving import move
from bss.identity.services.sub_accounts import follow_roles
from bss.kernel import access, approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Organisation, OutboxEvent, Staff
from customers.models import Customer
from tests.builders.accounts import (
    MORNING,
    WHY,
    a_province,
    a_system,
    at_work,
    place,
    two_officers,
)
from tests.builders.customers import a_company, a_person
from tests.builders.staff import a_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """An account manager with two customers and an account outside, and a colleague."""
    a_province()
    a_role("clerk")
    a_system(roles=("account_manager",))
    officer, approver = two_officers()
    manager = at_work("account_manager", number="manager01")
    follow_roles(manager, at=MORNING, by_id=officer.pk, reason=WHY)
    for customer in (a_company(), a_person()):
        Customer.objects.filter(pk=customer.pk).update(account_manager=manager)
    colleague = at_work("account_manager", number="manager02")
    return officer, approver, manager, colleague


def moved(officer: Staff, staff: Staff, **changes: object):
    given = {
        "organisation_id": place("HE031102").pk,
        "role_codes": (),
        "successor_id": None,
        "reason": WHY,
        "by_id": officer.pk,
        "at": MORNING + timedelta(hours=1),
    }
    return move(staff_id=staff.pk, **(given | changes))


def test_a_mover_leaves_roles_customers_tokens_and_sub_accounts_behind(house) -> None:
    # given
    officer, _, manager, colleague = house
    PersonalToken.objects.create(user=manager, name="报表")

    # when
    moved(officer, manager, successor_id=colleague.pk)

    # then
    manager = Staff.objects.get(pk=manager.pk)
    assert (manager.organisation, manager.state) == (place("HE031102"), "active")
    assert list(manager.roles.all()) == []
    assert not access.can(manager, "customer.view")
    assert Customer.objects.filter(account_manager=manager).count() == 0
    assert Customer.objects.filter(account_manager=colleague).count() == 2
    assert not PersonalToken.objects.filter(user=manager).exists()
    assert SubAccount.objects.get(staff=manager).state == "closed"


def test_the_roles_of_the_new_place_are_asked_for_anew(house) -> None:
    officer, approver, manager, colleague = house

    approval = moved(officer, manager, role_codes=["clerk"], successor_id=colleague.pk)
    assert list(manager.roles.all()) == []
    approvals.decide(
        approval_id=approval.pk, decided_by_id=approver.pk, approve=True, at=approval.asked_at
    )

    assert list(manager.roles.values_list("code", flat=True)) == ["clerk"]


def test_a_move_is_recorded_with_before_after_and_what_was_handed_over(house) -> None:
    officer, _, manager, colleague = house
    moved(officer, manager, successor_id=colleague.pk)

    assert AuditEntry.objects.get(action="staff.moved").detail == {
        "before": {"place": "石家庄中心营业厅", "roles": ["客户经理"]},
        "after": {"place": "正定营业厅"},
        "successor": "客户经理甲",
        "handed_over": {"名下客户": 2},
    }
    assert OutboxEvent.objects.get(name="staff.moved").payload == {
        "staff_id": manager.pk,
        "successor_id": colleague.pk,
    }


def test_who_has_no_customers_needs_no_successor(house) -> None:
    officer, _, _, colleague = house

    moved(officer, colleague)

    assert Staff.objects.get(pk=colleague.pk).organisation == place("HE031102")


def refused(officer: Staff, staff: Staff, **changes: object) -> str:
    """Why not; and that nothing has changed."""
    before = [*Staff.objects.values_list("pk", "organisation", "roles")]
    with pytest.raises(BadInputError) as error:
        moved(officer, staff, **changes)
    assert [*Staff.objects.values_list("pk", "organisation", "roles")] == before
    assert not AuditEntry.objects.filter(action="staff.moved").exists()
    return str(error.value)


def test_customers_need_somebody_to_take_them(house) -> None:
    officer, _, manager, _ = house

    assert refused(officer, manager) == (
        "successor: 客户经理甲 名下还有名下客户 2 件，请指定接手人。"
    )


def test_the_successor_must_be_able_to_take_them(house) -> None:
    officer, _, manager, _ = house

    assert refused(officer, manager, successor_id=officer.pk) == (
        "successor: 安全管理员甲 不能接手名下客户：没有“查看客户”权限。"
    )


def test_one_is_not_ones_own_successor(house) -> None:
    officer, _, manager, _ = house

    assert "须为在岗的另一位同事" in refused(officer, manager, successor_id=manager.pk)


def test_a_disabled_colleague_takes_nothing_over(house) -> None:
    officer, _, manager, colleague = house
    Staff.objects.filter(pk=colleague.pk).update(state="disabled", is_active=False)

    assert "须为在岗的另一位同事" in refused(officer, manager, successor_id=colleague.pk)


def test_nobody_moves_to_where_they_are_or_to_a_closed_place(house) -> None:
    officer, _, manager, colleague = house
    here = {"successor_id": colleague.pk}
    Organisation.objects.filter(code="HE-Z1").update(active=False)

    assert "已在 石家庄中心营业厅" in refused(
        officer, manager, organisation_id=place("HE031101").pk, **here
    )
    assert "正定县分公司 已撤销" in refused(
        officer, manager, organisation_id=place("HE-Z1").pk, **here
    )


def test_nobody_moves_themselves(house) -> None:
    officer, _, _, _ = house

    assert "不能办理自己的帐号" in refused(officer, officer)
