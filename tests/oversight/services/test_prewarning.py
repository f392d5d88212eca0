from datetime import timedelta

import pytest

from bss.kernel import audit
from bss.kernel.models import AuditEntry, Notice
from bss.kernel.periods import local_moment
from bss.oversight.models import SecurityCase, SecurityEvidence
from bss.oversight.services import prewarning, security_cases, watching
from complaints.models import Case
from tests.builders.customers import a_company, a_subscription
from tests.builders.staff import a_staff
from tests.complaints.people import a_case
from tests.oversight.watching import look, looked

pytestmark = pytest.mark.django_db

NOON = local_moment("2026-10-15T12:00")
NIGHT = local_moment("2026-10-15T23:30")


@pytest.fixture
def clerk():
    return a_staff("clerk")


@pytest.fixture
def officer():
    return a_staff("security_officer")


def rules():
    return sorted(SecurityCase.objects.values_list("rule", flat=True))


def test_looks_at_night_open_one_case_with_their_entries_as_evidence(clerk, officer):
    looked(clerk, 1, 2, 3, at=NIGHT)
    assert look(at=NIGHT) == 1
    case = SecurityCase.objects.get()
    assert (case.rule, case.whom, case.staff, case.state) == (
        "night",
        f"staff:{clerk.pk}",
        clerk,
        "open",
    )
    reads = AuditEntry.objects.filter(kind="read").values_list("pk", flat=True)
    assert list(case.evidence.values_list("entry_id", flat=True)) == sorted(reads)


def test_who_handles_cases_is_told_once(clerk, officer):
    looked(clerk, 1, 2, 3, at=NIGHT)
    look(at=NIGHT)
    looked(clerk, 4, at=NIGHT + timedelta(minutes=5))
    look(at=NIGHT)
    notice = Notice.objects.get()
    case = SecurityCase.objects.get()
    assert notice.staff == officer
    assert notice.sentence == f"预警“夜间查看客户资料”新立安全案件 {case.code}，请核查。"


def test_looking_again_finds_nothing_new(clerk):
    looked(clerk, 1, 2, 3, at=NIGHT)
    assert look(at=NIGHT) == 1
    assert look(at=NIGHT) == 0
    assert SecurityEvidence.objects.count() == 3


def test_what_is_not_sealed_waits_for_the_sealer(clerk):
    looked(clerk, 1, 2, 3, at=NIGHT)
    assert prewarning.look(at=NIGHT) == 0
    assert look(at=NIGHT) == 1


def test_a_full_window_is_seen_although_it_was_sealed_in_two_parts(clerk):
    looked(clerk, *range(1, 15), at=NOON)
    assert look(at=NOON) == 0
    looked(clerk, *range(15, 21), at=NOON + timedelta(minutes=5))
    assert look(at=NOON) == 1
    assert SecurityEvidence.objects.filter(rule="many").count() == 20


def test_more_of_the_same_is_added_to_the_living_case(clerk):
    looked(clerk, 1, 2, 3, at=NIGHT)
    look(at=NIGHT)
    looked(clerk, 4, at=NIGHT + timedelta(minutes=5))
    assert look(at=NIGHT + timedelta(minutes=6)) == 1
    case = SecurityCase.objects.get()
    assert case.evidence.count() == 4
    assert [step.action for step in case.steps.all()] == ["open", "hit"]
    assert case.last_hit_at == NIGHT + timedelta(minutes=6)


def test_what_was_concluded_about_does_not_open_again(clerk, officer):
    looked(clerk, 1, 2, 3, at=NIGHT)
    look(at=NIGHT)
    case = SecurityCase.objects.get()
    security_cases.review(case_id=case.pk, assignee_id=officer.pk, at=NIGHT, by_id=officer.pk)
    security_cases.dismiss(case_id=case.pk, text="夜班值守。", at=NIGHT, by_id=officer.pk)
    looked(clerk, 4, 5, at=NIGHT + timedelta(minutes=5))
    assert look(at=NIGHT) == 0
    looked(clerk, 6, at=NIGHT + timedelta(minutes=6))
    assert look(at=NIGHT) == 1
    assert list(SecurityCase.objects.order_by("pk").values_list("state", flat=True)) == [
        "dismissed",
        "open",
    ]


def test_ones_own_family_is_found_by_number_and_by_contact(clerk):
    owner, other = a_company(document=None), a_company(name="北京他人商贸有限公司", document=None)
    line = a_subscription(owner, "m2g")
    watching.register_relative(
        staff_id=clerk.pk, number=line.number, relation="spouse", at=NOON, by_id=clerk.pk
    )
    looked(clerk, other.pk, at=NOON)
    assert look(at=NOON) == 0
    looked(clerk, owner.pk, at=NOON)
    assert look(at=NOON) == 1
    assert rules() == ["relative"]


def test_a_number_that_is_family_no_more_is_not_counted(clerk):
    owner = a_company(document=None)
    line = a_subscription(owner, "m2g")
    relative = watching.register_relative(
        staff_id=clerk.pk, number=line.number, relation="spouse", at=NOON, by_id=clerk.pk
    )
    watching.remove_relative(relative_id=relative.pk, at=NOON, by_id=clerk.pk)
    looked(clerk, owner.pk, at=NOON)
    assert look(at=NOON) == 0


def test_a_red_listed_customer_without_a_case_or_order(clerk):
    protected = a_company(document=None, listed="red")
    looked(clerk, protected.pk, at=NOON)
    assert look(at=NOON) == 1
    assert rules() == ["protected"]


def test_a_red_listed_customer_whose_case_is_mine(clerk):
    protected = a_company(document=None, listed="red")
    case = a_case(customer_id=protected.pk, by_id=clerk.pk, at=NOON - timedelta(hours=1))
    assert Case.objects.get() == case
    looked(clerk, protected.pk, at=NOON)
    assert look(at=NOON) == 0


def test_failed_sign_ins_of_nobody_known_are_counted_by_their_place():
    for minute in range(5):
        with audit.acting(address="192.0.2.7", source="page"):
            audit.record(
                action="sign_in.failed", subject="staff:?", at=NOON + timedelta(minutes=minute)
            )
    assert look(at=NOON) == 1
    case = SecurityCase.objects.get()
    assert (case.rule, case.whom, case.staff) == ("sign_in", "address:192.0.2.7", None)


def test_an_export_in_the_evening(clerk):
    audit.record(action="list.export", subject="list:/x/", staff_id=clerk.pk, at=NIGHT)
    assert look(at=NIGHT) == 1
    assert rules() == ["export"]


def test_the_operators_limits_count_from_now_on(clerk, officer):
    watching.set_limits(
        rule="night",
        active=True,
        threshold=1,
        window_minutes=60,
        from_time=local_moment("2026-01-01T22:00").time(),
        until_time=local_moment("2026-01-01T06:00").time(),
        reason="试行从严。",
        at=NOON,
        by_id=officer.pk,
    )
    looked(clerk, 1, at=NIGHT)
    assert look(at=NIGHT) == 1
