"""帐号恢复 by two persons."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from bss.identity.models import Recovery, SubAccount
from bss.identity.services.recovery import ask_recovery, hand_over
from bss.identity.services.staff_leaving import disable, leave
from bss.identity.services.sub_accounts import follow_roles
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, Staff
from tests.builders.accounts import MORNING, WHY, a_province, a_system, at_work, two_officers
from tests.builders.staff import PASSWORD

pytestmark = pytest.mark.django_db
SOON = MORNING + timedelta(hours=1)


@pytest.fixture
def house():
    a_province()
    asker, approver = two_officers()
    clerk = at_work("clerk", number="clerk01")
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=clerk, type=kind, data={})
    return asker, approver, clerk


def ask(asker: Staff, staff: Staff, *, second_factor: bool = False) -> Approval:
    return ask_recovery(
        staff_id=staff.pk,
        lost_second_factor=second_factor,
        reason=WHY,
        by_id=asker.pk,
        at=MORNING,
    )


def approved(house, **wish: bool) -> Recovery:
    asker, approver, clerk = house
    approval = ask(asker, clerk, **wish)
    approvals.decide(approval_id=approval.pk, decided_by_id=approver.pk, approve=True, at=SOON)
    return Recovery.objects.get(approval=approval)


def test_the_second_persons_yes_changes_nothing_until_the_asker_hands_over(house) -> None:
    _, _, clerk = house
    recovery = approved(house)

    assert Staff.objects.get(pk=clerk.pk).check_password(PASSWORD)
    assert (recovery.used_at, recovery.valid_until) == (None, SOON + timedelta(hours=24))


def test_the_asker_hands_over_a_password_that_must_be_changed(house) -> None:
    asker, _, clerk = house
    recovery = approved(house)

    handed = hand_over(recovery_id=recovery.pk, by_id=asker.pk, at=SOON)

    clerk = Staff.objects.get(pk=clerk.pk)
    assert clerk.check_password(handed.one_time_password)
    assert not clerk.check_password(PASSWORD)
    assert (clerk.must_change_password, clerk.state) == (True, "active")
    assert Authenticator.objects.filter(user=clerk).count() == 2
    entry = AuditEntry.objects.get(action="staff.recovered")
    assert entry.detail == {
        "approved_by": "安全管理员甲",
        "reinstated": False,
        "second_factors_forgotten": 0,
    }
    assert handed.one_time_password not in str([*AuditEntry.objects.values_list("detail")])


def test_lost_second_factors_are_forgotten_with_their_recovery_codes(house) -> None:
    asker, _, clerk = house

    hand_over(recovery_id=approved(house, second_factor=True).pk, by_id=asker.pk, at=SOON)

    assert not Authenticator.objects.filter(user=clerk).exists()
    assert AuditEntry.objects.get(action="staff.recovered").detail["second_factors_forgotten"] == 2


def test_a_disabled_account_comes_back_the_same_way(house) -> None:
    # given
    asker, _, clerk = house
    a_system()
    follow_roles(clerk, at=MORNING, by_id=asker.pk, reason=WHY)
    disable(staff_id=clerk.pk, reason=WHY, by_id=asker.pk, at=MORNING)

    # when
    hand_over(recovery_id=approved(house).pk, by_id=asker.pk, at=SOON)

    # then
    clerk = Staff.objects.get(pk=clerk.pk)
    assert (clerk.state, clerk.is_active) == ("entered", True)
    assert SubAccount.objects.get(staff=clerk).state == "open"


def test_a_password_is_handed_over_once(house) -> None:
    asker, _, clerk = house
    recovery = approved(house)
    handed = hand_over(recovery_id=recovery.pk, by_id=asker.pk, at=SOON)

    with pytest.raises(BadInputError, match="已经发放过"):
        hand_over(recovery_id=recovery.pk, by_id=asker.pk, at=SOON)

    assert Staff.objects.get(pk=clerk.pk).check_password(handed.one_time_password)


@pytest.mark.parametrize(
    ("hours", "sentence"), [(24, "批准已过 24 小时"), (24 * 30, "批准已过 24 小时")]
)
def test_a_yes_lasts_a_day(house, hours, sentence) -> None:
    asker, _, _ = house
    recovery = approved(house)

    with pytest.raises(BadInputError, match=sentence):
        hand_over(recovery_id=recovery.pk, by_id=asker.pk, at=SOON + timedelta(hours=hours))


def test_only_the_asker_hands_over(house) -> None:
    _, approver, clerk = house
    recovery = approved(house)

    for somebody, sentence in ((approver, "只有申请人本人"), (clerk, "不能办理自己的帐号")):
        with pytest.raises(BadInputError, match=sentence):
            hand_over(recovery_id=recovery.pk, by_id=somebody.pk, at=SOON)


def test_the_same_recovery_is_not_asked_by_two(house) -> None:
    asker, approver, clerk = house
    ask(asker, clerk)

    with pytest.raises(BadInputError, match="已有等待审批的恢复申请"):
        ask(approver, clerk, second_factor=True)


def test_the_approver_sees_what_becomes_of_password_and_factors(house) -> None:
    asker, _, clerk = house

    shown = [
        (line.label, line.value)
        for line in approvals.lines_of(ask(asker, clerk, second_factor=True))
    ]

    assert shown == [
        ("工号", "clerk01"),
        ("姓名", "营业员甲"),
        ("机构", "石家庄中心营业厅"),
        ("帐号状态", "在岗"),
        ("密码", "作废现用密码，由申请人发放一次性密码"),
        ("第二因子", "全部解除，登录后重新绑定"),
    ]


def test_who_left_meanwhile_is_not_let_in(house) -> None:
    asker, _, clerk = house
    recovery = approved(house)
    leave(staff_id=clerk.pk, successor_id=None, reason=WHY, by_id=asker.pk, at=SOON)

    with pytest.raises(BadInputError, match="已离职"):
        hand_over(recovery_id=recovery.pk, by_id=asker.pk, at=SOON)


def test_nobody_asks_for_themselves(house) -> None:
    asker, _, _ = house

    with pytest.raises(BadInputError, match="不能办理自己的帐号"):
        ask(asker, asker)


def test_the_database_knows_that_nobody_recovers_themselves(house) -> None:
    recovery = approved(house)

    with pytest.raises(IntegrityError, match="nobody_recovers"), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(asked_by=recovery.staff_id)
