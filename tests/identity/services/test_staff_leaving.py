"""停用与离职: every way in ends at once."""

import pytest
from django.urls import reverse

from bss.identity.models import PersonalToken, SubAccount
from bss.identity.services.staff_leaving import disable, leave
from bss.identity.services.sub_accounts import follow_roles
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, OutboxEvent, Staff
from customers.models import Customer
from tests.builders.accounts import MORNING, WHY, a_province, a_system, at_work, two_officers
from tests.builders.customers import a_company
from tests.builders.staff import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    a_province()
    a_system(roles=("account_manager",))
    officer, _ = two_officers()
    manager = at_work("account_manager", number="manager01")
    follow_roles(manager, at=MORNING, by_id=officer.pk, reason=WHY)
    return officer, manager


def by(officer: Staff) -> dict[str, object]:
    return {"reason": WHY, "by_id": officer.pk, "at": MORNING}


def signed_in(client, staff: Staff):
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 200
    return client


@pytest.mark.parametrize("end", [disable, leave])
def test_sessions_tokens_and_password_end_at_once(house, client, end) -> None:
    # given
    officer, manager = house
    PersonalToken.objects.create(user=manager, name="报表")
    browser = signed_in(client, manager)

    # when
    end(staff_id=manager.pk, **by(officer), **({"successor_id": None} if end is leave else {}))

    # then
    assert browser.get("/").headers["Location"] == f"{reverse('login')}?next=/"
    assert not PersonalToken.objects.exists()
    manager = Staff.objects.get(pk=manager.pk)
    assert not manager.is_active
    assert not manager.check_password(PASSWORD)


def test_a_disabled_account_keeps_roles_and_customers_and_rests_outside(house) -> None:
    officer, manager = house
    customer = a_company()
    Customer.objects.filter(pk=customer.pk).update(account_manager=manager)

    disable(staff_id=manager.pk, **by(officer))

    manager = Staff.objects.get(pk=manager.pk)
    assert manager.state == "disabled"
    assert list(manager.roles.values_list("code", flat=True)) == ["account_manager"]
    assert Customer.objects.get().account_manager == manager
    assert SubAccount.objects.get().state == "suspended"
    assert OutboxEvent.objects.filter(name="sub_account.suspended").count() == 1


def test_who_leaves_stays_on_record_without_roles_customers_or_accounts(house) -> None:
    officer, manager = house
    colleague = at_work("account_manager", number="manager02")
    customer = a_company()
    Customer.objects.filter(pk=customer.pk).update(account_manager=manager)

    leave(staff_id=manager.pk, successor_id=colleague.pk, **by(officer))

    manager = Staff.objects.get(pk=manager.pk)
    assert (manager.state, manager.display_name) == ("left", "客户经理甲")
    assert list(manager.roles.all()) == []
    assert Customer.objects.get().account_manager == colleague
    account = SubAccount.objects.get()
    assert (account.state, account.valid_until) == ("closed", MORNING)
    entry = AuditEntry.objects.get(action="staff.left")
    assert entry.detail == {
        "before": {"roles": ["客户经理"]},
        "successor": "客户经理甲",
        "handed_over": {"名下客户": 1},
    }
    assert OutboxEvent.objects.get(name="staff.left").payload == {
        "staff_id": manager.pk,
        "successor_id": colleague.pk,
    }


def test_nobody_leaves_with_customers_and_without_a_successor(house) -> None:
    officer, manager = house
    Customer.objects.filter(pk=a_company().pk).update(account_manager=manager)

    with pytest.raises(BadInputError, match="请指定接手人"):
        leave(staff_id=manager.pk, successor_id=None, **by(officer))

    assert Staff.objects.get(pk=manager.pk).state == "active"


@pytest.mark.parametrize("end", [disable, leave])
def test_what_has_ended_does_not_end_again(house, end) -> None:
    officer, manager = house
    leave(staff_id=manager.pk, successor_id=None, **by(officer))

    with pytest.raises(BadInputError, match="已离职"):
        end(staff_id=manager.pk, **by(officer), **({"successor_id": None} if end is leave else {}))


def test_a_disabled_account_is_not_disabled_again(house) -> None:
    officer, manager = house
    disable(staff_id=manager.pk, **by(officer))

    with pytest.raises(BadInputError, match="已经停用"):
        disable(staff_id=manager.pk, **by(officer))


def test_no_officer_ends_their_own_account(house) -> None:
    officer, _ = house

    with pytest.raises(BadInputError, match="不能办理自己的帐号"):
        disable(staff_id=officer.pk, **by(officer))
