import pytest

from bss.kernel import approvals
from bss.kernel.models import Approval
from bss.kernel.periods import local_moment
from customers.models import LegalHold
from tests.builders.customers import a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
AT = local_moment("2026-11-10T10:00")


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-11-10T10:00"


@pytest.fixture
def supervisor():
    return a_staff("supervisor")


@pytest.fixture
def page(client, supervisor):
    client.force_login(supervisor)
    return client


def at(person, part="personal"):
    return f"/oversight/customers/{person.code}/{part}"


def test_the_page_says_what_forbids_erasing_and_offers_the_copy(page):
    person = a_person()
    a_subscription(person, "m2g")

    text = page.get(at(person)).content.decode()

    assert "还有未销号的用户" in text
    assert "申请删除" not in text
    assert "导出资料副本" in text
    assert "王芳" not in text


def test_a_hold_is_placed_shown_and_lifted(page, supervisor):
    person = a_person()

    page.post(at(person, "hold"), {"hold-reason": "公函 2026-17", "hold-until": "2026-12-31"})

    hold = LegalHold.objects.get()
    assert (hold.placed_by, f"{hold.until}") == (supervisor, "2026-12-31")
    text = page.get(at(person)).content.decode()
    assert "公函 2026-17" in text
    assert "处于法律保留" in text
    assert page.post(at(person, f"hold/{hold.pk}/lift")).status_code == 302
    hold.refresh_from_db()
    assert (hold.lifted_at, hold.lifted_by) == (AT, supervisor)


def test_a_hold_needs_a_reason_and_a_day_to_come(page):
    person = a_person()

    nothing = page.post(at(person, "hold"), {"hold-reason": "", "hold-until": ""})
    past = page.post(at(person, "hold"), {"hold-reason": "公函 17", "hold-until": "2026-11-09"})

    assert (nothing.status_code, past.status_code) == (422, 422)
    assert "不能早于今天" in past.content.decode()
    assert not LegalHold.objects.exists()


def test_erasing_is_asked_here_and_done_by_another(page, supervisor):
    person = a_person()

    answer = page.post(at(person, "erase"), {"erase-reason": "客户本人申请"})

    approval = Approval.objects.get()
    assert answer["Location"] == f"/oversight/approvals/{approval.pk}"
    person.refresh_from_db()
    assert person.erased_at is None
    assert f"#{approval.pk}" in page.get(at(person)).content.decode()
    second = a_staff("supervisor", username="second")
    approvals.decide(approval_id=approval.pk, decided_by_id=second.pk, approve=True, at=AT)
    text = page.get(at(person)).content.decode()
    assert "个人信息已删除" in text
    assert page.post(at(person, "export"), {"export-reason": "本人申请"}).status_code == 422


def test_an_erasure_that_something_forbids_is_not_even_asked(page):
    person = a_person()
    a_subscription(person, "m2g")

    refused = page.post(at(person, "erase"), {"erase-reason": "客户本人申请"})

    assert refused.status_code == 422
    assert not Approval.objects.exists()


def test_a_clerk_has_no_such_page(client):
    client.force_login(a_staff("clerk"))
    person = a_person()

    assert client.get(at(person)).status_code == 403
    for part in ("export", "hold", "erase"):
        assert client.post(at(person, part), {}).status_code == 403
