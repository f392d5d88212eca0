"""The last way in, for whoever runs the servers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bss.identity.services.staff_leaving import disable, leave
from bss.kernel.models import AuditEntry, Staff
from tests.builders.accounts import MORNING, WHY, two_officers

pytestmark = pytest.mark.django_db


def recovered(number: str, reason: str = WHY) -> str:
    said = StringIO()
    call_command("recover_staff", number, reason=reason, stdout=said)
    return said.getvalue().strip()


def test_a_disabled_officer_is_let_in_and_the_audit_says_how() -> None:
    one, other = two_officers()
    disable(staff_id=one.pk, reason=WHY, by_id=other.pk, at=MORNING)

    number, password = recovered("security01").split(": ")

    one = Staff.objects.get(pk=one.pk)
    assert (number, one.state, one.must_change_password) == ("security01", "entered", True)
    assert one.check_password(password)
    entry = AuditEntry.objects.get(action="staff.recovered")
    assert (entry.staff, entry.reason, entry.source) == (None, WHY, "command recover_staff")


def test_nobody_is_let_in_who_is_not_there_has_left_or_without_a_reason() -> None:
    one, other = two_officers()
    leave(staff_id=one.pk, successor_id=None, reason=WHY, by_id=other.pk, at=MORNING)

    for number, reason, sentence in (
        ("security03", WHY, "There is no staff number"),
        ("security01", WHY, "已离职"),
        ("security02", " ", "请写明原因"),
    ):
        with pytest.raises(CommandError, match=sentence):
            recovered(number, reason)
