import pytest
from django.db import IntegrityError, transaction

from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.periods import local_moment
from bss.oversight.models import SecurityCase
from bss.oversight.services import security_cases
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

NOON = local_moment("2026-10-15T12:00")

# The machine whole: action -> {state before: state after}
MACHINE = {
    "review": {"open": "under_review", "under_review": "under_review"},
    "confirm": {"under_review": "confirmed"},
    "dismiss": {"under_review": "dismissed"},
}


@pytest.fixture
def officer():
    return a_staff("security_officer")


@pytest.fixture
def clerk():
    return a_staff("clerk")


def a_security_case(clerk):
    return SecurityCase.objects.create(
        rule="night", whom=f"staff:{clerk.pk}", staff=clerk, opened_at=NOON, last_hit_at=NOON
    )


def act(case, action, officer, **more):
    arguments = {"case_id": case.pk, "at": NOON, "by_id": officer.pk, "text": "已核对考勤。"}
    if action == "review":
        arguments["assignee_id"] = officer.pk
    return getattr(security_cases, action)(**arguments | more)


def a_case_in(state, clerk, officer):
    case = a_security_case(clerk)
    if state != "open":
        case = act(case, "review", officer)
    if state in ("confirmed", "dismissed"):
        case = act(case, state.removesuffix("ed"), officer)
    assert case.state == state
    return case


@pytest.mark.parametrize("state", SecurityCase.State.values)
@pytest.mark.parametrize("action", MACHINE)
def test_the_machine_is_the_table(action, state, clerk, officer):
    case = a_case_in(state, clerk, officer)
    steps = case.steps.count()
    target = MACHINE[action].get(state)
    if target is None:
        with pytest.raises(BadInputError):
            act(case, action, officer)
        assert SecurityCase.objects.get().state == state
        assert case.steps.count() == steps
    else:
        assert act(case, action, officer).state == target
        assert case.steps.last().action == action


def test_nobody_looks_into_their_own_case(officer):
    other = a_staff("security_officer", username="other")
    case = a_security_case(officer)
    for action in (*MACHINE, "note"):
        with pytest.raises(BadInputError, match=security_cases.OWN):
            act(case, action, officer)
    with pytest.raises(BadInputError, match=security_cases.OWN):
        act(case, "review", other, assignee_id=officer.pk)
    with pytest.raises(IntegrityError, match="nobody_reviews_their_own_case"), transaction.atomic():
        SecurityCase.objects.update(assignee=officer)


def test_only_who_may_handle_cases_is_given_one(clerk, officer):
    case = a_security_case(a_staff("agent"))
    with pytest.raises(BadInputError) as caught:
        act(case, "review", officer, assignee_id=clerk.pk)
    assert caught.value.faults == (("assignee", security_cases.NOT_A_HANDLER),)


@pytest.mark.parametrize("action", ["note", "confirm", "dismiss"])
def test_what_was_found_is_written_down(action, clerk, officer):
    case = a_case_in("under_review", clerk, officer)
    with pytest.raises(BadInputError) as caught:
        act(case, action, officer, text=" ")
    assert caught.value.faults == (("text", security_cases.NO_TEXT),)
    assert SecurityCase.objects.get().state == "under_review"


def test_concluding_says_when_and_is_audited(clerk, officer):
    case = a_case_in("confirmed", clerk, officer)
    assert case.concluded_at == NOON
    actions = AuditEntry.objects.filter(subject=f"security_case:{case.pk}", kind="act")
    assert list(actions.order_by("pk").values_list("action", "staff")) == [
        ("security_case.review", officer.pk),
        ("security_case.confirm", officer.pk),
    ]


def test_a_person_has_one_living_case_per_rule(clerk):
    a_security_case(clerk)
    with pytest.raises(IntegrityError, match="one_living_case"), transaction.atomic():
        a_security_case(clerk)
