"""Interfaces whose responsible person leaves: another answers for them, or nobody leaves."""

import pytest

from bss.identity.models import InterfaceNumber
from bss.identity.services.interfaces import close_interface
from bss.identity.services.staff_leaving import leave
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Staff
from tests.builders.accounts import MORNING, WHY, a_province, at_work, two_officers
from tests.builders.interfaces import an_interface, ask_token
from tests.builders.staff import a_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    a_province()
    return at_work("account_manager", number="manager01")


def leaves(staff: Staff, *, successor: Staff | None) -> None:
    leave(
        staff_id=staff.pk,
        successor_id=successor.pk if successor else None,
        reason=WHY,
        by_id=two_officers()[0].pk,
        at=MORNING,
    )


def test_the_successor_answers_for_the_interfaces_and_they_work_on(manager) -> None:
    interface, secret = an_interface(manager)
    colleague = at_work("account_manager", number="manager02")

    leaves(manager, successor=colleague)

    interface.refresh_from_db()
    assert (interface.responsible, interface.state) == (colleague, "open")
    assert ask_token(interface, secret).status_code == 200
    entry = AuditEntry.objects.get(action="interface.handed_over")
    assert entry.detail["responsible_id"] == colleague.pk
    left = AuditEntry.objects.get(action="staff.left")
    assert left.detail["handed_over"] == {"负责的接口号": 1}


def test_without_a_successor_who_answers_for_an_interface_does_not_leave(manager) -> None:
    an_interface(manager)

    with pytest.raises(BadInputError, match="名下还有负责的接口号 1 件，请指定接手人"):
        leaves(manager, successor=None)

    assert Staff.objects.get(pk=manager.pk).state == "active"


def test_a_successor_without_the_interfaces_permissions_is_refused_by_name(manager) -> None:
    interface, _ = an_interface(manager, scopes=["customer.view", "account.view"])
    role = a_role("agent")
    role.permissions = ["customer.view", "api.use"]
    role.save()
    agent = at_work("agent", number="agent01")

    with pytest.raises(BadInputError, match=f"不能接手接口号 {interface.number}：.*先停用"):
        leaves(manager, successor=agent)

    assert InterfaceNumber.objects.get().responsible == manager
    assert Staff.objects.get(pk=manager.pk).state == "active"


def test_a_closed_interface_holds_nobody_back(manager) -> None:
    interface, _ = an_interface(manager)
    close_interface(interface_id=interface.pk, reason=WHY, at=MORNING, by_id=manager.pk)

    leaves(manager, successor=None)

    assert Staff.objects.get(pk=manager.pk).state == "left"
    assert InterfaceNumber.objects.get().state == "closed"
