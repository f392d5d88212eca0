"""A rehearsal reports what a close would bring and leaves nothing; the policy follows it."""

import pytest
from django.core.management import call_command

from billing.models import Bill, Entry, Journal, Rehearsal, UnbilledAccount
from billing.services import closing, rehearsal
from billing.services.closing import NotApprovedError, TwoPersons, close_under_policy
from billing.services.month_end import close_month
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, Notice
from bss.kernel.outbox import drain
from bss.wiring import EVENTS
from packages_wo.models import SubscriptionPlan
from tests.billing.views.house import CLOSED_AT, an_open_october
from tests.builders.billing import own_account
from tests.builders.staff import a_staff
from tests.builders.usage import OCTOBER

pytestmark = pytest.mark.django_db

ON_THE_2ND = CLOSED_AT.replace(day=2, hour=4)


@pytest.fixture(autouse=True)
def policy(settings):
    settings.CLOSE_POLICY = "rehearsed"
    settings.CLOSE_BOUNDS = {"few": 0}


@pytest.fixture
def october():
    return an_open_october()


@pytest.fixture
def odd_october(october):
    """A subscription has a plan that nobody priced."""
    w1 = october.operator.subscriptions["w1"]
    SubscriptionPlan.objects.filter(subscription=w1).update(plan="3G-GONE")
    return october


def rehearse(at=ON_THE_2ND):
    return rehearsal.rehearse(month=OCTOBER, at=at)


def rows():
    return (Bill.objects.count(), Journal.objects.count(), Entry.objects.count())


def test_it_finds_what_the_close_then_brings_and_leaves_nothing(october):
    before = rows()
    found = rehearse()
    assert (rows(), before, BatchRun.objects.count()) == (before, (0, 0, 0), 0)
    close_month(month=OCTOBER, at=CLOSED_AT)

    total = sum(Bill.objects.values_list("total_fen", flat=True))
    assert (found.found["bills"], found.found["total_fen"]) == (Bill.objects.count(), total)
    assert found.found["bills"] == 9
    assert set(found.found["counts"].values()) == {0}
    assert (found.state, found.allows) == ("within", True)
    first = found.found["items"][0]
    assert (first["item"], first["fen"]) == ("BUNDLE_FEE", 11200)


def test_a_month_within_the_bounds_closes_by_itself(october):
    batch = a_staff("batch_operator")
    rehearse()
    assert Notice.objects.get(staff=batch).text["facts"] == {"month": "2026-10"}
    run = close_under_policy(month=OCTOBER, at=CLOSED_AT, again=False)
    assert run.state == BatchRun.State.DONE


def test_what_nobody_rehearsed_is_rehearsed_first(october):
    close_under_policy(month=OCTOBER, at=CLOSED_AT)
    assert Rehearsal.objects.get().allows
    assert Bill.objects.count() == 9


def test_beyond_the_bounds_it_waits_for_two_persons(odd_october):
    found = rehearse()
    assert found.state == "waiting"
    assert [str(sentence) for sentence in found.sentences] == [
        "因有错而搁置的帐户 1 个，超过帐单数的 5‰。"
    ]
    with pytest.raises(NotApprovedError, match="2026-10 的试算有 1 项超出阈值"):
        close_under_policy(month=OCTOBER, at=CLOSED_AT)
    assert rows() == (0, 0, 0)
    assert not UnbilledAccount.objects.exists()


def test_two_persons_let_it_be_billed_at_once_when_its_day_has_come(odd_october):
    maker, checker = a_staff("batch_operator"), a_staff("supervisor")
    rehearse()
    asked = rehearsal.ask(month=OCTOBER, by_id=maker.pk, at=CLOSED_AT, reason="已核对，次日补出")
    assert [line["label"] for line in asked.shown] == [
        "月份",
        "试算时间",
        "帐单",
        "帐单合计(元)",
        "超出阈值",
    ]
    approvals.decide(
        approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=CLOSED_AT, note=""
    )
    drain(EVENTS, reraise=True)

    found = Rehearsal.objects.get()
    assert (found.state, found.asked_by, found.approved_by) == ("approved", maker, checker)
    assert Bill.objects.count() == 8
    assert (
        own_account(odd_october.operator.subscriptions["w1"])
        == UnbilledAccount.objects.get().account
    )


def test_approved_before_its_day_it_is_billed_on_its_day(odd_october):
    maker, checker = a_staff("batch_operator"), a_staff("supervisor")
    rehearse()
    asked = rehearsal.ask(month=OCTOBER, by_id=maker.pk, at=ON_THE_2ND, reason="已核对")
    approvals.decide(
        approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=ON_THE_2ND, note=""
    )
    drain(EVENTS, reraise=True)
    assert Bill.objects.count() == 0
    assert close_under_policy(month=OCTOBER, at=CLOSED_AT, again=False).state == "done"


def test_an_approval_of_an_old_rehearsal_does_not_hold(odd_october):
    maker, checker = a_staff("batch_operator"), a_staff("supervisor")
    rehearse()
    asked = rehearsal.ask(month=OCTOBER, by_id=maker.pk, at=ON_THE_2ND, reason="已核对")
    rehearse()
    with pytest.raises(BadInputError, match="新的试算"):
        approvals.decide(
            approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=ON_THE_2ND, note=""
        )
    assert not Rehearsal.objects.filter(approved_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)  # each command has transactions of its own
def test_the_command_overrides_for_two_different_persons_only(odd_october):
    a_staff("batch_operator", username="batch7")
    a_staff("supervisor", username="super7")
    a_staff("clerk", username="clerk7")
    at = ["--at", "2026-11-03T02:00"]
    with pytest.raises(BadInputError, match="两个人"):
        call_command("close_month", "2026-10", "--approve", "batch7", "batch7", *at)
    with pytest.raises(BadInputError, match="clerk7 不存在、已停用或无权运行月结"):
        call_command("close_month", "2026-10", "--approve", "batch7", "clerk7", *at)
    with pytest.raises(NotApprovedError):
        call_command("close_month", "2026-10", *at)
    call_command("close_month", "2026-10", "--approve", "batch7", "super7", *at)
    assert Bill.objects.count() == 8


def test_a_service_in_use_that_costs_nothing_is_found(october):
    s1 = october.operator.subscriptions["s1"]
    v1 = october.operator.subscriptions["v1"]
    SubscriptionPlan.objects.filter(subscription__in=[s1, v1]).delete()
    found = rehearse()
    assert [row["number"] for row in found.uncharged] == [v1.number]
    assert found.found["counts"]["uncharged"] == 1
    assert found.state == "waiting"


def test_a_rehearsal_waits_for_the_months_end_and_a_closed_month_has_none(october):
    with pytest.raises(BadInputError, match="尚未结束"):
        rehearse(at=CLOSED_AT.replace(month=10))
    close_month(month=OCTOBER, at=CLOSED_AT)
    with pytest.raises(BadInputError, match="2026-10 已经出帐"):
        rehearse()


def test_the_policy_auto_asks_nobody(odd_october, settings):
    settings.CLOSE_POLICY = "auto"
    close_under_policy(month=OCTOBER, at=CLOSED_AT)
    assert not Rehearsal.objects.exists()
    assert closing.is_free(OCTOBER)


def test_two_persons_are_two():
    with pytest.raises(BadInputError, match="两个人"):
        close_under_policy(
            month=OCTOBER, at=CLOSED_AT, approved=TwoPersons(maker_id=1, checker_id=1)
        )
