import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.periods import local_moment
from complaints.models import Case
from complaints.services import handling
from complaints.services.intake import About
from tests.builders.staff import a_role, a_staff
from tests.complaints.people import (
    MORNING,
    a_bill_line,
    a_case,
    a_colleague,
    a_company,
    a_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


def with_role(staff, role):
    staff.roles.add(a_role(role))
    return staff


@pytest.fixture
def agent():
    return with_role(a_colleague("kefu1"), "agent")


@pytest.fixture
def page(client, agent):
    client.force_login(agent)
    return client


def codes(response):
    return [case.code for case, *_ in response.context["rows"]]


def test_the_list_shows_open_cases_the_most_urgent_first(page):
    slow = a_case(category="network_quality")
    urgent = a_case(category="bill_enquiry")
    done = a_case()
    for action in ("reply", "call_back", "close"):
        getattr(handling, action)(case_id=done.pk, text="办结。", at=MORNING, by_id=done.owner_id)
    response = page.get("/cases/")
    assert response.status_code == 200
    assert codes(response) == [urgent.code, slow.code]
    assert {key: count for key, _, _, count in response.context["tabs"]} == {
        "mine": 2,
        "open": 2,
        "at_risk": 1,
        "overdue": 0,
        "closed": 1,
        "all": 3,
    }


def test_overdue_and_at_risk_are_views_of_their_own(page, settings):
    case = a_case(category="bill_enquiry")
    settings.BUSINESS_TIME = "2026-10-15T15:31"
    assert codes(page.get("/cases/?view=overdue")) == [case.code]
    assert codes(page.get("/cases/?view=at_risk")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=套餐月费", True),
        ("q=试验商贸", True),
        ("q=没有这样的", False),
        ("category=bill_dispute", True),
        ("category=line_fault", False),
        ("state=replied", False),
        ("view=closed", False),
        ("view=all", True),
    ],
)
def test_the_list_is_filtered_by_the_address(page, query, found):
    case = a_case()
    assert codes(page.get(f"/cases/?{query}")) == ([case.code] if found else [])


def test_the_list_is_exported_with_persons_masked(page):
    person = a_person(name="欧阳试验")
    case = a_case(customer_id=person.pk)
    page.force_login(a_staff("supervisor", username="exporter"))
    text = page.get("/cases/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("案件,客户,类别")
    assert f"{case.code} 九月帐单套餐月费有疑问,欧***,帐单费用争议" in text
    assert "欧阳试验" not in text


def test_many_are_dispatched_from_the_list_and_the_address_is_kept(page):
    cases = [a_case(), a_case()]
    handler = with_role(a_colleague("weixiu"), "clerk")
    response = page.post(
        "/cases/dispatch",
        {"case": [c.pk for c in cases], "handler": handler.pk, "next": "/cases/?view=mine"},
    )
    assert response.url == "/cases/?view=mine"
    assert set(Case.objects.values_list("state", "handler")) == {("dispatched", handler.pk)}


def test_dispatch_of_nothing_says_so_and_leads_nowhere_else(page):
    response = page.post("/cases/dispatch", {"next": "https://elsewhere.example/"}, follow=True)
    assert response.redirect_chain == [("/cases/", 302)]
    assert "请勾选案件并选择处理人" in response.content.decode()


def test_the_case_shows_its_promise_and_its_time_line(page):
    case = a_case()
    text = page.get(f"/cases/{case.code}").content.decode()
    assert "2026-10-20 10:00" in text
    assert "客户认为套餐费不应全额收取。" in text
    assert "CARE-3" in text
    assert "testkefu1" not in text
    assert "测试kefu1" in text


def test_the_whole_closed_loop_is_walked_by_its_page(page, agent):
    case = a_case()
    handler = with_role(a_colleague("weixiu"), "clerk")
    steps = [
        ("dispatch", {"handler": handler.pk}),
        ("reply", {}),
        ("call_back", {}),
        ("close", {}),
        ("reopen", {}),
    ]
    for seen, (action, more) in enumerate(steps, start=1):
        response = page.post(
            f"/cases/{case.code}/{action}", {"text": "已处理。", "seen": seen, **more}
        )
        assert response.status_code == 302, (action, response.content.decode())
    case = Case.objects.get()
    assert (case.state, case.times_reopened, case.handler) == ("accepted", 1, handler)
    assert [s.action for s in case.steps.all()] == ["accept", *(a for a, _ in steps)]


def test_who_was_overtaken_keeps_what_they_typed(page, agent):
    case = a_case()
    handling.note(case_id=case.pk, text="同事备注", at=MORNING, by_id=agent.pk)
    response = page.post(f"/cases/{case.code}/reply", {"text": "我写的回复", "seen": 1})
    text = response.content.decode()
    assert response.status_code == 422
    assert "其他同事刚刚处理过这个案件" in text
    assert "我写的回复" in text
    assert Case.objects.get().state == "accepted"


def test_a_reply_without_words_is_sent_back(page):
    case = a_case()
    response = page.post(f"/cases/{case.code}/reply", {"text": " ", "seen": 1})
    assert response.status_code == 422
    assert handling.NO_TEXT in response.content.decode()


def test_a_bill_line_becomes_a_case_in_two_clicks(page, agent):
    line = a_bill_line(owner=a_company())
    # the first click: the link beside the line
    form = page.get(f"/cases/new?bill_line={line.pk}").context["form"]
    filled = {
        name: form.initial[name] for name in ("category", "hotline", "subject", "description")
    }
    assert filled == {
        "category": "bill_dispute",
        "hotline": "10019",
        "subject": "2026-09 帐单：套餐月费 106.00 元",
        "description": "客户对 2026-09 帐单的套餐月费 106.00 元有疑问，要求核查。",
    }
    # the second: 受理, as it is
    response = page.post(f"/cases/new?bill_line={line.pk}", {**filled, "request_key": "k1"})
    case = Case.objects.get()
    assert response.url == f"/cases/{case.code}"
    assert (case.bill_line, case.owner, case.customer) == (line, agent, a_company())


def test_a_double_click_takes_one_case(page):
    line = a_bill_line(owner=a_company())
    filled = page.get(f"/cases/new?bill_line={line.pk}").context["form"].initial
    for _ in range(2):
        page.post(f"/cases/new?bill_line={line.pk}", {**filled, "request_key": "k1"})
    assert Case.objects.count() == 1


def test_a_person_on_the_company_line_is_told_the_rule(page):
    person = a_person()
    response = page.post(
        f"/cases/new?customer={person.code}",
        {"category": "line_fault", "hotline": "10019", "subject": "断线", "description": "不通"},
    )
    assert response.status_code == 422
    assert "CARE-1" in response.content.decode()
    assert not Case.objects.exists()


def test_without_a_customer_the_page_asks_for_one(page):
    assert 'name="customer"' in page.get("/cases/new").content.decode()
    response = page.get("/cases/new?customer=NOBODY")
    assert "没有编号或号码为“NOBODY”的客户" in response.content.decode()


def test_other_open_cases_of_the_customer_are_shown_before_a_new_one(page):
    case = a_case(about=About())
    text = page.get(f"/cases/new?customer={a_company().code}").content.decode()
    assert f"/cases/{case.code}" in text


def test_an_account_manager_sees_the_cases_of_own_customers_alone(client):
    manager = with_role(a_colleague("jingli1"), "account_manager")
    own = a_case(customer_id=a_company("C-OWN", account_manager=manager).pk)
    other = a_case()
    client.force_login(manager)
    assert codes(client.get("/cases/")) == [own.code]
    assert client.get(f"/cases/{other.code}").status_code == 404
    assert client.post(f"/cases/{other.code}/note", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["/cases/", "/cases/new"])
def test_who_has_no_permission_is_sent_away(client, path):
    client.force_login(with_role(a_colleague("yuejie1"), "batch_operator"))
    assert client.get(path).status_code == 403


def test_reading_writes_nothing(page):
    case = a_case()
    with CaptureQueriesContext(connection) as queries:
        page.get("/cases/")
        page.get(f"/cases/{case.code}")
        page.get("/cases/new")
    writes = ("INSERT", "UPDATE", "DELETE")
    assert not [query["sql"] for query in queries if query["sql"].startswith(writes)]


def test_moments_are_local(page):
    a_case(at=local_moment("2026-10-15T00:30"))
    assert "2026-10-15 00:30" in page.get(f"/cases/{Case.objects.get().code}").content.decode()
