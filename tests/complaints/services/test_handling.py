import pytest
from django.db import IntegrityError, connection, transaction

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from complaints.models import Case
from complaints.services import handling
from tests.complaints.people import MORNING, a_case, a_colleague

pytestmark = pytest.mark.django_db

LATER = local_moment("2026-10-15T15:00")

# The machine whole: action -> {state before: state after}
MACHINE = {
    "dispatch": {"accepted": "dispatched", "dispatched": "dispatched"},
    "reply": {"accepted": "replied", "dispatched": "replied"},
    "call_back": {"replied": "called_back"},
    "close": {"called_back": "closed"},
    "reopen": {"replied": "accepted", "called_back": "accepted", "closed": "accepted"},
}

ARGUMENTS = {"text": "已与客户沟通。", "at": LATER}


def act(case: Case, action: str, **changes):
    arguments = {**ARGUMENTS, "case_id": case.pk, "by_id": a_colleague().pk, **changes}
    if action == "dispatch":
        arguments.setdefault("handler_id", a_colleague("paidan1").pk)
    return getattr(handling, action)(**arguments)


def a_case_in(state: str) -> Case:
    path = ("dispatch", "reply", "call_back", "close")
    case = a_case()
    for action in path[: list(Case.State.values).index(state)]:
        case = act(case, action)
    assert case.state == state
    return case


@pytest.mark.parametrize("state", Case.State.values)
@pytest.mark.parametrize("action", MACHINE)
def test_the_machine_is_the_table(action, state):
    case = a_case_in(state)
    steps = case.steps.count()
    target = MACHINE[action].get(state)
    if target is None:
        with pytest.raises(BadInputError):
            act(case, action)
        assert Case.objects.get(pk=case.pk).state == state
        assert case.steps.count() == steps
    else:
        act(case, action)
        assert Case.objects.get(pk=case.pk).state == target
        assert case.steps.count() == steps + 1
        assert case.steps.last().action == action


def test_the_first_asked_stays_the_owner_whoever_works_on_it():
    case = a_case(by_id=a_colleague("first").pk)
    for action in ("dispatch", "reply", "call_back", "close", "reopen"):
        act(case, action, by_id=a_colleague(f"other-{action}").pk)
    assert Case.objects.get(pk=case.pk).owner.username == "first"


def test_dispatching_names_the_handler_and_so_does_its_step():
    case = act(a_case(), "dispatch", handler_id=a_colleague("weixiu").pk)
    assert case.handler.username == "weixiu"
    assert case.steps.last().handler.username == "weixiu"


def test_closing_says_when():
    assert a_case_in("closed").closed_at == LATER


def test_reopening_promises_anew_and_counts():
    case = act(a_case_in("closed"), "reopen", at=local_moment("2026-10-21T09:00"))
    assert (case.closed_at, case.times_reopened) == (None, 1)
    assert case.due_at == local_moment("2026-10-23T18:00")
    assert case.accepted_at == MORNING


@pytest.mark.parametrize("action", ["reply", "call_back", "reopen"])
def test_what_the_customer_hears_is_written_down(action):
    state = next(iter(MACHINE[action]))
    case = a_case_in(state)
    with pytest.raises(BadInputError) as caught:
        act(case, action, text="  ")
    assert caught.value.faults[0][0] == "text"
    assert Case.objects.get(pk=case.pk).state == state


def test_who_decided_on_an_older_view_is_told_that_somebody_was_faster():
    case = a_case()
    act(case, "dispatch", seen=1)
    with pytest.raises(BadInputError) as caught:
        act(case, "reply", seen=1)
    assert caught.value.faults == (("", handling.OVERTAKEN),)
    assert Case.objects.get(pk=case.pk).state == "dispatched"
    assert act(case, "reply", seen=2).state == "replied"


def test_a_note_changes_no_state_even_of_a_closed_case():
    case = a_case_in("closed")
    handling.note(case_id=case.pk, text="客户又来电致谢。", at=LATER, by_id=a_colleague().pk)
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert case.steps.last().action == "note"


def test_many_are_dispatched_at_once_and_the_others_are_named():
    fresh, replied = a_case(), a_case_in("replied")
    report = handling.dispatch_many(
        case_ids=[replied.pk, fresh.pk, 987654],
        handler_id=a_colleague("paidan2").pk,
        at=LATER,
        by_id=a_colleague().pk,
    )
    assert (report.done, report.left) == ((fresh.code,), (replied.code,))
    assert Case.objects.get(pk=fresh.pk).handler.username == "paidan2"
    assert Case.objects.get(pk=replied.pk).state == "replied"


@pytest.mark.parametrize(
    "change", ["UPDATE complaints_casestep SET text = ''", "DELETE FROM complaints_casestep"]
)
def test_the_database_keeps_the_timeline_as_it_is(change):
    case = a_case()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert case.steps.get().text == "客户认为套餐费不应全额收取。"
