"""从帐号."""

from datetime import timedelta

import pytest

from bss.identity.models import SubAccount
from bss.identity.services.staff_leaving import disable
from bss.identity.services.staff_roles import take_roles
from bss.identity.services.sub_accounts import (
    close_sub_account,
    follow_roles,
    open_sub_account,
)
from bss.kernel.errors import BadInputError
from bss.kernel.models import OutboxEvent
from tests.builders.accounts import MORNING, WHY, a_province, a_system, at_work, two_officers

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


@pytest.fixture
def house():
    a_province()
    officer, _ = two_officers()
    return officer, at_work("clerk", number="clerk01")


def opened(house, *, system=None, name: str = "zhaoming") -> SubAccount:
    officer, clerk = house
    return open_sub_account(
        staff_id=clerk.pk,
        system_id=(system or a_system("OA", roles=())).pk,
        account_name=name,
        reason=WHY,
        by_id=officer.pk,
        at=MORNING,
    )


def events() -> list[tuple[str, str]]:
    found = OutboxEvent.objects.filter(name__startswith="sub_account.").order_by("id")
    return [(event.name, event.payload["account_name"]) for event in found]


def test_an_account_outside_is_opened_by_hand_and_announced(house) -> None:
    account = opened(house)

    assert (account.state, account.valid_from, account.valid_until) == ("open", MORNING, None)
    assert OutboxEvent.objects.get(name="sub_account.opened").payload == {
        "sub_account_id": account.pk,
        "system": "OA",
        "account_name": "zhaoming",
        "number": "clerk01",
    }


def test_accounts_come_and_go_with_the_roles_that_bring_them(house) -> None:
    officer, clerk = house
    a_system("RES", roles=("clerk", "account_manager"))
    a_system("BI", roles=("supervisor",))
    by_hand = opened(house)

    follow_roles(clerk, at=MORNING, by_id=officer.pk, reason=WHY)
    follow_roles(clerk, at=MORNING, by_id=officer.pk, reason=WHY)
    assert events() == [("sub_account.opened", "zhaoming"), ("sub_account.opened", "clerk01")]
    take_roles(clerk, ["clerk"], at=LATER, by_id=officer.pk, reason=WHY)

    assert events()[2:] == [("sub_account.closed", "clerk01")]
    by_hand.refresh_from_db()
    assert by_hand.state == "open"


def test_a_closed_account_stays_on_record_and_its_name_is_free_again(house) -> None:
    officer, _ = house
    account = opened(house)

    close_sub_account(sub_account_id=account.pk, reason=WHY, by_id=officer.pk, at=LATER)
    again = opened(house, system=account.system)

    account.refresh_from_db()
    assert (account.state, account.valid_until) == ("closed", LATER)
    assert again.state == "open"
    with pytest.raises(BadInputError, match="该从帐号已关闭"):
        close_sub_account(sub_account_id=account.pk, reason=WHY, by_id=officer.pk, at=LATER)


def test_one_person_has_one_account_in_a_system_and_a_name_one_person(house) -> None:
    _, clerk = house
    account = opened(house)
    other = at_work("clerk", number="clerk02")

    for person, name in ((clerk, "second"), (other, "zhaoming")):
        with pytest.raises(BadInputError, match="已有人使用，或该工号已有从帐号"):
            opened((house[0], person), system=account.system, name=name)

    assert SubAccount.objects.count() == 1


def test_who_is_not_at_work_gets_none(house) -> None:
    officer, clerk = house
    disable(staff_id=clerk.pk, reason=WHY, by_id=officer.pk, at=MORNING)

    with pytest.raises(BadInputError, match="只有待启用或在岗"):
        opened(house)


def test_a_system_that_is_closed_takes_nobody_new(house) -> None:
    system = a_system("OA", roles=())
    system.active = False
    system.save()

    with pytest.raises(BadInputError, match="外部系统OA 已停用"):
        opened(house, system=system)
