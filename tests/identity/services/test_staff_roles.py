"""Roles are taken at once and given by a second person."""

from datetime import timedelta

import pytest

from bss.identity.services.staff_roles import set_roles
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, Organisation, Staff
from tests.builders.accounts import MORNING, WHY, a_province, at_work, two_officers
from tests.builders.staff import a_role, a_staff

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def house():
    a_province()
    for code in ("clerk", "agent", "account_manager", "batch_operator", "auditor"):
        a_role(code)
    asker, approver = two_officers()
    return asker, approver, at_work("clerk", number="clerk01")


def codes(staff: Staff) -> list[str]:
    return sorted(staff.roles.values_list("code", flat=True))


def wish(asker: Staff, staff: Staff, *roles: str) -> Approval | None:
    return set_roles(staff_id=staff.pk, role_codes=roles, reason=WHY, by_id=asker.pk, at=MORNING)


def decide(approval: Approval, by: Staff, *, approve: bool = True) -> Approval:
    return approvals.decide(approval_id=approval.pk, decided_by_id=by.pk, approve=approve, at=LATER)


def test_a_new_role_waits_for_the_second_person(house) -> None:
    asker, approver, clerk = house

    approval = wish(asker, clerk, "clerk", "agent")
    assert codes(clerk) == ["clerk"]
    decide(approval, approver)

    assert codes(clerk) == ["agent", "clerk"]


def test_a_role_is_taken_at_once_without_anybody_else(house) -> None:
    asker, _, clerk = house

    assert wish(asker, clerk) is None

    assert codes(clerk) == []
    entry = AuditEntry.objects.get(action="staff.roles_taken")
    assert entry.detail == {"before": ["营业员"], "after": []}


def test_of_a_mixed_wish_the_taking_is_done_and_the_giving_asked(house) -> None:
    asker, approver, clerk = house

    approval = wish(asker, clerk, "agent")

    assert codes(clerk) == []
    assert approval.payload == {"staff_id": clerk.pk, "roles": ["agent"]}
    decide(approval, approver)
    assert codes(clerk) == ["agent"]


def test_the_approver_sees_who_gets_what_and_what_is_new_with_it(house) -> None:
    asker, _, clerk = house
    approval = wish(asker, clerk, "clerk", "agent", "account_manager")

    shown = [(line.label, line.before, line.value) for line in approvals.lines_of(approval)]

    assert shown == [
        ("工号", None, "clerk01"),
        ("姓名", None, "营业员甲"),
        ("机构", None, "石家庄中心营业厅"),
        ("现有角色", None, "营业员"),
        ("给予角色", None, "客户经理（数据范围：本人客户）"),
        ("给予角色", None, "客服代表（数据范围：全国）"),
        ("新增权限", None, "查看套餐顾问名单"),
        ("新增权限", None, "导出清单"),
        ("新增权限", None, "使用开放接口"),
    ]


def test_what_was_granted_is_recorded_with_both_persons(house) -> None:
    asker, approver, clerk = house
    decide(wish(asker, clerk, "clerk", "agent"), approver)

    entry = AuditEntry.objects.get(action="staff.roles_granted")

    assert (entry.staff, entry.reason) == (asker, WHY)
    assert entry.detail == {
        "before": ["营业员"],
        "after": ["客服代表", "营业员"],
        "approved_by": "安全管理员甲",
    }


def test_a_refused_wish_changes_nothing(house) -> None:
    asker, approver, clerk = house
    decide(wish(asker, clerk, "clerk", "agent"), approver, approve=False)

    assert codes(clerk) == ["clerk"]


def test_neither_the_asker_nor_the_person_decides(house) -> None:
    asker, _, clerk = house
    approval = wish(asker, clerk, "clerk", "agent")
    clerk.roles.add(a_role("security_officer"))

    for somebody in (asker, clerk):
        with pytest.raises(BadInputError):
            decide(approval, Staff.objects.get(pk=somebody.pk))

    assert "agent" not in codes(clerk)


def test_who_has_no_right_to_grant_does_not_decide(house) -> None:
    asker, _, clerk = house
    approval = wish(asker, clerk, "clerk", "agent")

    with pytest.raises(BadInputError, match="您没有审批这类申请的权限"):
        decide(approval, a_staff("supervisor"))


def test_an_officer_of_another_branch_does_not_decide(house) -> None:
    asker, approver, clerk = house
    approval = wish(asker, clerk, "clerk", "agent")
    approver.organisation = Organisation.objects.create(code="SX", name="山西", level="province")
    approver.save(update_fields=["organisation"])
    approver.roles.all().update(reach="province")

    with pytest.raises(BadInputError, match="不在您的范围内"):
        decide(approval, Staff.objects.get(pk=approver.pk))


def test_nobody_sets_their_own_roles(house) -> None:
    asker, _, _ = house

    with pytest.raises(BadInputError, match="不能办理自己的帐号"):
        wish(asker, asker, "clerk")


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        (("clerk",), "所选角色与现有角色相同"),
        (
            ("clerk", "auditor"),
            "“审计员”与“营业员”不能由同一人担任：审计员不能参与",
        ),
        (("clerk", "batch_operator"), "“月结操作员”与“营业员”不能由同一人担任"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_before_anything_is_taken(house, roles, sentence) -> None:
    asker, _, clerk = house

    with pytest.raises(BadInputError, match=sentence):
        wish(asker, clerk, *roles)

    assert codes(clerk) == ["clerk"]
    assert not Approval.objects.exists()


def test_two_wishes_do_not_add_up_to_what_one_may_not_hold(house) -> None:
    asker, approver, clerk = house
    agent = wish(asker, clerk, "clerk", "agent")
    wish(asker, clerk)  # takes the clerk's role
    batch = wish(asker, clerk, "batch_operator")
    decide(batch, approver)

    with pytest.raises(BadInputError):
        decide(agent, approver)

    assert codes(clerk) == ["batch_operator"]
