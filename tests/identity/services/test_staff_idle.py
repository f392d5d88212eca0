"""闲置停用: measured by the wall clock, never unwarned."""

from datetime import timedelta

import pytest

from bss.identity.models import PersonalToken
from bss.identity.services.staff_idle import Swept, sweep_idle
from bss.kernel.models import AuditEntry, Notice, Organisation, OutboxEvent, Role, Staff
from bss.kernel.periods import local_moment
from tests.builders.accounts import MORNING, a_province, at_work, place, two_officers
from tests.builders.interfaces import an_interface
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
CAME = local_moment("2026-01-01T09:00")


def unused_since(day_came=CAME, **fields: object) -> Staff:
    staff = a_staff("clerk")
    Staff.objects.filter(pk=staff.pk).update(date_joined=day_came, **fields)
    return staff


def sweep(day: int) -> Swept:
    return sweep_idle(at=MORNING, now=CAME + timedelta(days=day))


def state_of(staff: Staff) -> str:
    return Staff.objects.get(pk=staff.pk).state


def test_an_unused_account_is_warned_about_then_disabled() -> None:
    clerk = unused_since()

    assert sweep(75) == Swept(warned=0, disabled=0)
    assert sweep(76) == Swept(warned=1, disabled=0)
    assert sweep(89) == Swept(warned=0, disabled=0)
    assert state_of(clerk) == "active"
    assert sweep(90) == Swept(warned=0, disabled=1)
    assert state_of(clerk) == "disabled"
    assert sweep(91) == Swept(warned=0, disabled=0)


def test_the_house_itself_is_who_disabled_it_and_says_why() -> None:
    unused_since(idle_warned_at=CAME + timedelta(days=76))
    sweep(90)

    entry = AuditEntry.objects.get(action="staff.disabled")
    assert (entry.staff, entry.at, entry.reason) == (None, MORNING, "连续 90 天未使用，自动停用")
    assert OutboxEvent.objects.filter(name="staff.disabled").count() == 1


@pytest.mark.parametrize("used", ["last_login", "password_set_at"])
def test_whoever_signs_in_or_gets_a_password_counts_as_there(used) -> None:
    clerk = unused_since(
        idle_warned_at=CAME + timedelta(days=76), **{used: CAME + timedelta(days=85)}
    )

    assert sweep(95) == Swept(warned=0, disabled=0)
    assert sweep(85 + 76) == Swept(warned=1, disabled=0)
    assert sweep(85 + 90) == Swept(warned=0, disabled=1)
    assert state_of(clerk) == "disabled"


def test_after_a_long_pause_of_the_job_nobody_is_disabled_unwarned() -> None:
    clerk = unused_since()

    assert sweep(300) == Swept(warned=1, disabled=0)
    assert sweep(313) == Swept(warned=0, disabled=0)
    assert sweep(314) == Swept(warned=0, disabled=1)
    assert state_of(clerk) == "disabled"


def test_who_never_began_is_disabled_too_and_who_has_left_is_let_be() -> None:
    entered = unused_since(state="entered", idle_warned_at=CAME + timedelta(days=76))
    gone = a_staff("agent")
    Staff.objects.filter(pk=gone.pk).update(date_joined=CAME, state="left", is_active=False)

    assert sweep(90) == Swept(warned=0, disabled=1)
    assert (state_of(entered), state_of(gone)) == ("disabled", "left")


def test_the_days_are_a_setting(settings) -> None:
    settings.STAFF_IDLE_DAYS, settings.STAFF_IDLE_WARN_DAYS = 30, 7
    unused_since()

    assert [sweep(day) for day in (22, 23, 30)] == [Swept(0, 0), Swept(1, 0), Swept(0, 1)]


def test_a_program_that_calls_every_day_does_not_keep_its_person_awake() -> None:
    clerk = unused_since(idle_warned_at=CAME + timedelta(days=76))
    called_at = CAME + timedelta(days=89)
    PersonalToken.objects.create(user=clerk, name="报表", last_used_at=called_at)

    assert sweep(90) == Swept(warned=0, disabled=1)
    assert not PersonalToken.objects.exists()


def test_who_manages_interfaces_hears_beforehand_which_would_stop() -> None:
    a_province()
    here, elsewhere = two_officers()
    Staff.objects.filter(pk=here.pk).update(organisation=place("HE"))
    province = Organisation.objects.create(code="SX", name="山西分公司", level="province")
    Staff.objects.filter(pk=elsewhere.pk).update(organisation=province)
    for role in Role.objects.all():
        role.reach = "province"
        role.save()
    Staff.objects.update(last_login=CAME + timedelta(days=70))
    manager = at_work("account_manager", number="manager01")
    Staff.objects.filter(pk=manager.pk).update(date_joined=CAME)
    an_interface(manager, name="测试银行代收")

    assert sweep(76) == Swept(warned=1, disabled=0)
    assert sweep(77) == Swept(warned=0, disabled=0)

    notice = Notice.objects.get()
    assert (notice.staff, notice.url) == (here, "/identity/staff/manager01")
    assert notice.sentence == (
        f"{manager} 长期未登录，2026-04-01 起自动停用，其负责的 1 个接口号随之停用。"
        "请让本人登录，或为接口号另定负责人。"
    )
