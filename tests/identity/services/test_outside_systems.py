"""Outside systems: who gets an account in one as it is registered, changed, retired, reopened."""

import pytest

from bss.identity.models import OutsideSystem, SubAccount
from bss.identity.services import outside_systems, sub_accounts
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, OutboxEvent
from tests.builders.accounts import MORNING, WHY, a_province, a_system, at_work, two_officers

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    a_province()
    return {"by_id": two_officers()[0].pk, "at": MORNING, "reason": WHY}


def accounts() -> list[tuple[str, str]]:
    found = SubAccount.objects.order_by("pk").values_list("account_name", "state")
    return list(found)


def test_whoever_has_the_roles_gets_an_account_as_a_system_is_registered(by) -> None:
    clerk = at_work("clerk", number="clerk01")
    at_work("agent", number="agent01")
    gone = at_work("clerk", number="clerk02")
    type(gone).objects.filter(pk=gone.pk).update(state="disabled", is_active=False)

    system = outside_systems.register_system(
        code="RES", name=" 资源 ", role_codes=["supervisor", "clerk"], **by
    )

    assert (system.name, system.role_codes, system.active) == (
        "资源",
        ["clerk", "supervisor"],
        True,
    )
    assert accounts() == [("clerk01", "open")]
    entry = AuditEntry.objects.get(action="outside_system.registered")
    assert (entry.subject, entry.reason) == (f"outside_system:{system.pk}", WHY)
    assert entry.detail["opened"] == 1
    assert OutboxEvent.objects.get(name="sub_account.opened").payload["number"] == clerk.username


def test_other_roles_open_and_close_at_once(by) -> None:
    at_work("clerk", number="clerk01")
    at_work("agent", number="agent01")
    system = outside_systems.register_system(code="RES", name="资源", role_codes=["clerk"], **by)

    outside_systems.change_system(system_id=system.pk, name="号线", role_codes=["agent"], **by)

    assert accounts() == [("clerk01", "closed"), ("agent01", "open")]
    assert OutsideSystem.objects.get().name == "号线"
    detail = AuditEntry.objects.get(action="outside_system.changed").detail
    assert (detail["opened"], detail["closed"]) == (1, 1)


def test_without_roles_accounts_are_opened_and_closed_by_hand_alone(by) -> None:
    clerk = at_work("clerk", number="clerk01")
    system = outside_systems.register_system(code="OA", name="办公", role_codes=[], **by)
    sub_accounts.open_sub_account(staff_id=clerk.pk, system_id=system.pk, account_name="oa1", **by)

    outside_systems.change_system(system_id=system.pk, name="办公系统", role_codes=[], **by)

    assert accounts() == [("oa1", "open")]


def test_a_retired_system_has_no_accounts_and_takes_none(by) -> None:
    clerk = at_work("clerk", number="clerk01")
    resting = at_work("clerk", number="clerk02")
    system = outside_systems.register_system(code="RES", name="资源", role_codes=["clerk"], **by)
    sub_accounts.suspend_all(resting, **by)

    outside_systems.retire_system(system_id=system.pk, **by)

    assert accounts() == [("clerk01", "closed"), ("clerk02", "closed")]
    assert AuditEntry.objects.get(action="outside_system.retired").detail["closed"] == 2
    with pytest.raises(BadInputError, match="资源 已停用，不能开立从帐号"):
        sub_accounts.open_sub_account(
            staff_id=clerk.pk, system_id=system.pk, account_name="x", **by
        )
    with pytest.raises(BadInputError, match="资源 已停用，请先恢复再办理"):
        outside_systems.retire_system(system_id=system.pk, **by)


def test_taken_up_again_its_accounts_are_opened_anew(by) -> None:
    at_work("clerk", number="clerk01")
    system = outside_systems.register_system(code="RES", name="资源", role_codes=["clerk"], **by)
    outside_systems.retire_system(system_id=system.pk, **by)

    outside_systems.reopen_system(system_id=system.pk, **by)

    assert accounts() == [("clerk01", "closed"), ("clerk01", "open")]
    with pytest.raises(BadInputError, match="资源 在用，不需要恢复"):
        outside_systems.reopen_system(system_id=system.pk, **by)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "res"}, "系统编号以大写字母开头"),
        ({"code": "RES"}, "系统编号 RES 已有系统使用"),
        ({"name": " "}, "请填写系统名称"),
        ({"reason": ""}, "请写明原因"),
    ],
)
def test_what_is_wrong_with_a_system_is_said_and_nothing_is_kept(by, changes, sentence) -> None:
    a_system("RES")
    given = {"code": "NEW", "name": "新系统", "role_codes": [], **by, **changes}

    with pytest.raises(BadInputError, match=sentence):
        outside_systems.register_system(**given)

    assert OutsideSystem.objects.count() == 1
