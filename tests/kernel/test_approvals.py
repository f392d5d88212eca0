from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, AuditEntry, Organisation, OutboxEvent
from bss.kernel.periods import local_moment
from bss.kernel.rulebook import RefusedError
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOON = local_moment("2026-10-15T12:00")
SOON = NOON + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def our_kinds(settings):
    settings.APPROVAL_KINDS = "tests.kernel.acts.KINDS"


@pytest.fixture
def hall():
    return Organisation.objects.create(code="H1", name="测试一厅", level="hall")


@pytest.fixture
def asker():
    return a_staff("clerk")


@pytest.fixture
def checker():
    return a_staff("supervisor")


def asked(hall, asker, *, name="测试新厅"):
    return approvals.ask(
        kind="hall.rename",
        payload={"hall": hall.pk, "name": name},
        asked_by_id=asker.pk,
        at=NOON,
        reason="门牌已换。",
    )


def decided(approval, staff, *, approve=True, at=SOON):
    return approvals.decide(
        approval_id=approval.pk, decided_by_id=staff.pk, approve=approve, at=at, note="已核对。"
    )


def now_in(approval):
    return Approval.objects.get(pk=approval.pk)


def told(caught):
    return caught.value.faults[0][1]


def test_asking_keeps_exactly_what_the_approver_is_shown_and_does_nothing(hall, asker):
    approval = asked(hall, asker)
    assert approval.state == "asked"
    assert approval.expires_at == NOON + timedelta(hours=2)
    assert approvals.lines_of(approval) == [
        approvals.Line("营业厅", "H1厅"),
        approvals.Line("名称", "测试新厅", before="测试一厅"),
    ]
    assert Organisation.objects.get().name == "测试一厅"


def test_what_was_asked_is_the_same_in_every_language(hall, asker, checker):
    with translation.override("en"):
        approval = asked(hall, asker)
    with translation.override("zh-hans"):
        assert decided(approval, checker).state == "approved"


def test_asking_needs_a_reason(hall, asker):
    with pytest.raises(BadInputError) as caught:
        approvals.ask(
            kind="hall.rename",
            payload={"hall": hall.pk, "name": "新"},
            asked_by_id=asker.pk,
            at=NOON,
            reason="  ",
        )
    assert caught.value.faults == (("reason", approvals.NO_REASON),)
    assert not Approval.objects.exists()


def test_asking_about_what_is_not_there_is_refused(asker):
    with pytest.raises(BadInputError, match="没有营业厅 7"):
        asked(Organisation(pk=7), asker)


def test_the_same_is_asked_once_until_it_is_settled(hall, asker, checker):
    first = asked(hall, asker)
    with pytest.raises(BadInputError) as caught:
        asked(hall, asker)
    assert told(caught) == approvals.ASKED_ALREADY
    decided(first, checker, approve=False)
    assert asked(hall, asker).state == "asked"


def test_approving_does_it_and_says_who_and_when(hall, asker, checker):
    approval = decided(asked(hall, asker), checker)
    assert now_in(approval).state == "approved"
    assert (approval.decided_by_id, approval.decided_at, approval.note) == (
        checker.pk,
        SOON,
        "已核对。",
    )
    assert approval.result == {"renamed": "H1", "by": checker.pk}
    assert Organisation.objects.get().name == "测试新厅"


def test_refusing_does_nothing(hall, asker, checker):
    assert decided(asked(hall, asker), checker, approve=False).state == "refused"
    assert Organisation.objects.get().name == "测试一厅"


def test_nobody_decides_on_their_own_request(hall, checker):
    approval = asked(hall, checker)
    with pytest.raises(BadInputError) as caught:
        decided(approval, checker)
    assert told(caught) == approvals.OWN
    assert now_in(approval).state == "asked"


def test_the_database_itself_keeps_maker_and_checker_apart(hall, asker):
    approval = asked(hall, asker)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(
            state="approved", decided_by=asker, decided_at=SOON
        )


@pytest.mark.parametrize("state", ["approved", "refused"])
def test_the_database_wants_a_person_for_every_decision(hall, asker, state):
    approval = asked(hall, asker)
    with pytest.raises(IntegrityError, match="a_decision_has_its_person"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(state=state, decided_at=SOON)


def test_who_may_not_decide_is_told_so(hall, asker):
    approval = asked(hall, asker)
    for other in (a_staff("agent"), a_staff("supervisor", username="far_away")):
        with pytest.raises(BadInputError) as caught:
            decided(approval, other)
        assert told(caught) == approvals.NOT_YOURS
        assert not approvals.may_decide(other, approval)
    assert now_in(approval).state == "asked"


def test_who_has_left_decides_nothing(hall, asker, checker):
    approval = asked(hall, asker)
    checker.disable()
    checker.save()
    with pytest.raises(BadInputError) as caught:
        decided(approval, checker)
    assert told(caught) == approvals.NOT_YOURS


def test_what_has_changed_since_is_refused_and_not_done(hall, asker, checker):
    approval = asked(hall, asker)
    Organisation.objects.update(name="别人改的名")
    with pytest.raises(BadInputError) as caught:
        decided(approval, checker)
    assert told(caught) == approvals.CHANGED
    kept = now_in(approval)
    assert (kept.state, kept.problem) == ("refused", approvals.CHANGED)
    assert Organisation.objects.get().name == "别人改的名"


@pytest.mark.parametrize("column", ["payload", "shown"])
def test_what_was_tampered_with_is_not_done(hall, asker, checker, column):
    approval = asked(hall, asker)
    changed = {"payload": {"hall": hall.pk, "name": "偷换"}, "shown": approval.shown[:1]}
    Approval.objects.filter(pk=approval.pk).update(**{column: changed[column]})
    with pytest.raises(BadInputError) as caught:
        decided(approval, checker)
    assert told(caught) == approvals.CHANGED
    assert now_in(approval).state == "refused"
    assert Organisation.objects.get().name == "测试一厅"


def test_what_cannot_be_done_now_stays_asked_with_its_reason(hall, asker, checker):
    approval = asked(hall, asker, name="禁用")
    with pytest.raises(RefusedError):
        decided(approval, checker)
    kept = now_in(approval)
    assert (kept.state, kept.decided_by, kept.problem) == (
        "asked",
        None,
        "PAY-2 这个名称今天不能用。",
    )
    assert Organisation.objects.get().name == "测试一厅"


def test_the_second_to_decide_is_told_who_was_faster(hall, asker, checker):
    approval = asked(hall, asker)
    decided(approval, checker)
    for approve in (True, False):
        with pytest.raises(BadInputError, match="这件申请已批准"):
            decided(approval, a_staff("supervisor", username=f"second-{approve}"), approve=approve)
    assert now_in(approval).decided_by_id == checker.pk


def test_too_late_is_expired_not_done(hall, asker, checker):
    approval = asked(hall, asker)
    with pytest.raises(BadInputError) as caught:
        decided(approval, checker, at=NOON + timedelta(hours=2))
    assert told(caught) == approvals.TOO_LATE
    assert now_in(approval).state == "expired"
    assert Organisation.objects.get().name == "测试一厅"


def test_what_nobody_decided_expires_by_itself(hall, asker):
    approval = asked(hall, asker)
    assert approvals.expire_due(at=NOON + timedelta(hours=1, minutes=59)) == 0
    assert approvals.expire_due(at=NOON + timedelta(hours=2)) == 1
    assert approvals.expire_due(at=NOON + timedelta(hours=3)) == 0
    assert now_in(approval).state == "expired"


def test_only_the_asker_withdraws(hall, asker, checker):
    approval = asked(hall, asker)
    with pytest.raises(BadInputError) as caught:
        approvals.withdraw(approval_id=approval.pk, by_id=checker.pk, at=SOON)
    assert told(caught) == approvals.NOT_THE_ASKER
    assert approvals.withdraw(approval_id=approval.pk, by_id=asker.pk, at=SOON).state == "withdrawn"
    with pytest.raises(BadInputError, match="这件申请已撤回"):
        decided(approval, checker)


def test_every_step_is_audited_and_announced(hall, asker, checker):
    failing = asked(hall, asker, name="禁用")
    with pytest.raises(RefusedError):
        decided(failing, checker)
    approval = decided(asked(hall, asker), checker)
    acts = AuditEntry.objects.filter(kind="act").order_by("id")
    records = acts.values_list("action", "subject", "staff")
    assert list(records) == [
        ("approval.ask", f"approval:{failing.pk}", asker.pk),
        ("approval.fail", f"approval:{failing.pk}", checker.pk),
        ("approval.ask", f"approval:{approval.pk}", asker.pk),
        ("approval.approve", f"approval:{approval.pk}", checker.pk),
    ]
    event = OutboxEvent.objects.get()
    assert (event.name, event.payload) == ("approval.settled", {"approval_id": approval.pk})


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_do_it_once_and_one_is_told(hall, asker):
    approval = asked(hall, asker)
    people = [a_staff("supervisor", username=f"checker-{n}") for n in range(2)]
    start = Barrier(2)

    def run(staff):
        try:
            start.wait(timeout=10)
            return decided(approval, staff).state
        except BadInputError as told:
            return str(told)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(run, people))

    assert outcomes == ["approved", "这件申请已批准，不能再审批或撤回；请刷新页面查看结果。"]
    assert AuditEntry.objects.filter(action="approval.approve").count() == 1
