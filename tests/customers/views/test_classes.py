"""The pages of classes and levels, of one customer's classes, and of what is to be completed."""

import pytest

from bss.kernel import approvals
from bss.kernel.models import Approval
from bss.kernel.periods import local_moment
from customers.batch.grading import grade_customers
from customers.models import ClassMembership, CustomerClass, LevelChange
from customers.queries.classes import classes_of
from tests.builders.classes import the_classes
from tests.builders.customers import a_company, a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

TONIGHT = local_moment("2026-10-15T04:00")
NOW = local_moment("2026-10-15T10:00")


@pytest.fixture(autouse=True)
def the_day(settings):
    settings.BUSINESS_TIME = "2026-10-15T10:00"


@pytest.fixture(autouse=True)
def classes():
    return the_classes()


@pytest.fixture
def page(client):
    client.force_login(a_staff("supervisor"))
    return client


def test_a_class_is_added_renamed_and_switched_off(page):
    page.post("/customers/classes/new", {"number": "31", "name": "重点行业", "note": ""})
    one = CustomerClass.objects.get(number=31)
    page.post(f"/customers/classes/{one.pk}", {"name": "重点行业客户", "note": "电力"})
    one.refresh_from_db()
    assert (one.name, one.note, one.active) == ("重点行业客户", "电力", False)
    assert "重点行业客户" in page.get("/customers/classes/?active=no").text
    refused = page.post("/customers/classes/new", {"number": "31", "name": "又一类", "note": ""})
    assert refused.status_code == 422
    assert "编号不能重复" in refused.text


def test_thresholds_are_set_on_the_page_of_the_class(page, classes):
    address = f"/customers/classes/{classes[11].pk}"
    assert "3000.00" in page.get(address).text
    given = {"level": "1", "monthly_yuan": "2888.88", "phones": "", "automatic": "on"}
    assert page.post(address, given).status_code == 302
    level = classes[11].level
    level.refresh_from_db()
    assert (level.monthly_fen, level.monthly_included, level.phones, level.automatic) == (
        288888, False, None, True,
    )  # fmt: skip
    nothing = {"level": "1", "monthly_yuan": "", "phones": ""}
    assert page.post(address, nothing).status_code == 422


def test_a_customer_gets_a_class_its_page_shows_it_and_it_is_taken_back(page, classes):
    company = a_company()
    address = f"/customers/{company.code}/classes"
    page.post(address, {"customer_class": classes[2].pk, "reason": "年度评定"})
    assert "大客户" in page.get(f"/customers/{company.code}").text
    assert company.code in page.get(f"/customers/?customer_class={classes[2].pk}").text
    assert company.code not in page.get(f"/customers/?customer_class={classes[3].pk}").text

    end = f"{address}/{classes[2].pk}/end"
    assert page.post(end, {"reason": ""}).status_code == 422
    assert page.post(end, {"reason": "不再符合"}).status_code == 302
    assert classes_of(company.pk) == []
    assert "年度评定" in page.get(address).text


def test_all_customers_of_the_list_get_a_class_by_a_second_person_s_yes(page, classes):
    companies = [a_company(name=f"测试{n}号商行") for n in range(3)]
    a_company(name="另一家")
    page.post("/customers/classify?q=测试", {"customer_class": classes[2].pk, "reason": "年度评定"})
    approval = Approval.objects.get()
    assert not ClassMembership.objects.exists()
    done = approvals.decide(
        approval_id=approval.pk, decided_by_id=a_staff(username="checker").pk, approve=True, at=NOW
    )
    assert done.result == {"classified": 3}
    assert [[c.number for c in classes_of(one.pk)] for one in companies] == [[2]] * 3


def test_a_proposed_level_is_taken_over_in_the_list(page, classes):
    level = classes[22].level
    level.phones = 2
    level.save()
    company = a_company()
    for _ in range(2):
        a_subscription(company, "m3g")
    grade_customers(at=TONIGHT, billed=lambda *_: {company.pk: 300000}, months=3)
    change = LevelChange.objects.get()
    text = page.get("/customers/levels/").text
    assert [word in text for word in (company.code, "B 类集团", "1,000.00")] == [True] * 3

    address = f"/customers/levels/{change.pk}/decide"
    assert page.post(address, {"take": "yes", "note": ""}).status_code == 422
    assert page.post(address, {"take": "yes", "note": "已核实"}).status_code == 302
    assert "B 类集团" in page.get(f"/customers/{company.code}").text
    assert page.post(address, {"take": "no", "note": "已核实"}).status_code == 422
    assert "已核实" in page.get("/customers/levels/?state=applied").text


def test_the_manager_s_work_list_has_the_most_valuable_first_and_what_lacks(client):
    manager = a_staff("account_manager")
    mine = [a_company(name=f"测试{n}号", account_manager_id=manager.pk) for n in range(2)]
    a_company(name="别人的")
    grade_customers(at=TONIGHT, billed=lambda *_: {mine[1].pk: 900000}, months=3)
    client.force_login(manager)

    response = client.get("/customers/enrichment/")

    rows = [(c, missing) for c, _, missing in response.context["rows"]]
    lacking = ["证件地址", "联系人", "联系电话", "通信地址"]
    assert rows == [(mine[1], lacking), (mine[0], lacking)]
    assert "3,000.00" in response.text
    assert f"/customers/{mine[1].code}/correct" in response.text
    assert client.get("/customers/classes/").status_code == 403


@pytest.mark.parametrize("role", ["clerk", "agent", "account_manager", "hq_viewer", "auditor"])
def test_only_who_may_classify_reaches_these_pages(client, role, classes):
    person = a_person()
    client.force_login(a_staff(role))
    for address in (
        "/customers/classes/", "/customers/classes/new", f"/customers/classes/{classes[2].pk}",
        "/customers/levels/", "/customers/classify", f"/customers/{person.code}/classes",
    ):  # fmt: skip
        assert client.get(address).status_code == 403
