"""The own password and its policy."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bss.identity.models import PastPassword
from bss.identity.services.passwords import change_own_password
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Staff
from tests.builders.accounts import MORNING, a_hired, a_province, two_officers
from tests.builders.staff import PASSWORD, a_staff

pytestmark = pytest.mark.django_db
NEW = "十年树木，百年树人-1956"


def change(staff: Staff, new: str, *, current: str = PASSWORD) -> Staff:
    return change_own_password(staff_id=staff.pk, current=current, new=new, at=MORNING)


def faults(staff: Staff, new: str, *, current: str = PASSWORD) -> list[tuple[str, str]]:
    with pytest.raises(BadInputError) as refused:
        change(staff, new, current=current)
    assert Staff.objects.get(pk=staff.pk).check_password(PASSWORD)
    return list(refused.value.faults)


def test_a_new_password_replaces_the_old_one() -> None:
    clerk = change(a_staff("clerk"), NEW)

    clerk = Staff.objects.get(pk=clerk.pk)
    assert clerk.check_password(NEW)
    assert not clerk.must_change_password
    assert clerk.password_set_at is not None
    assert AuditEntry.objects.get(action="staff.password_changed").staff == clerk


def test_the_first_own_password_makes_the_account_active() -> None:
    a_province()
    hired = a_hired(two_officers()[0])

    change(hired.staff, NEW, current=hired.one_time_password)

    staff = Staff.objects.get(pk=hired.staff.pk)
    assert (staff.state, staff.must_change_password) == ("active", False)
    assert AuditEntry.objects.filter(action="staff.started").count() == 1


def test_the_password_of_now_must_be_known() -> None:
    assert faults(a_staff("clerk"), NEW, current="wrong") == [
        ("current", "现用密码不对，请核对大小写后重新输入。")
    ]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short-7-pw", "密码太短，至少要 12 个字符。"),
        ("1q2w3e4r5t6y", "这个密码在公开泄露的常用密码中，请换一个。"),
        ("clerk-number-one", "不能与自己的工号、姓名或电话相似。"),
        ("Unicom-is-my-home", "密码不能包含“unicom”这样人人都会先想到的词。"),
        ("my-line-is-10010-7", "密码不能包含“10010”这样人人都会先想到的词。"),
        (PASSWORD, "不能与现用密码或最近 5 次用过的密码相同。"),
    ],
)
def test_a_weak_or_known_password_is_refused(new: str, sentence: str) -> None:
    clerk = a_staff("clerk", username="clerk-number-on")

    assert [where for where, _ in faults(clerk, new)] == ["new"]
    assert sentence in [why for _, why in faults(clerk, new)]


def test_the_latest_five_are_not_taken_again_the_sixth_is() -> None:
    # given seven changes
    clerk, current = a_staff("clerk"), PASSWORD
    for number in range(7):
        change(clerk, f"长江后浪，推前浪-第{number}浪", current=current)
        current = f"长江后浪，推前浪-第{number}浪"

    # then
    staff = Staff.objects.get(pk=clerk.pk)
    assert PastPassword.objects.filter(staff=staff).count() == 5
    for number in (2, 3, 4, 5, 6):
        with pytest.raises(ValidationError, match="最近 5 次"):
            validate_password(f"长江后浪，推前浪-第{number}浪", staff)
    validate_password("长江后浪，推前浪-第1浪", staff)


def test_what_is_remembered_is_no_password() -> None:
    clerk = change(a_staff("clerk"), NEW)

    [past] = PastPassword.objects.filter(staff=clerk)
    assert NEW not in past.encoded
    assert past.encoded == Staff.objects.get(pk=clerk.pk).password


def test_every_way_of_setting_a_password_is_remembered_and_dated() -> None:
    clerk = a_staff("clerk")
    clerk.set_password(NEW)
    clerk.save()

    staff = Staff.objects.get(pk=clerk.pk)
    [past] = PastPassword.objects.filter(staff=staff)
    assert staff.password_set_at - past.set_at == timedelta(0)
