import pytest

from tests.builders.customers import a_company, a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    client.force_login(a_staff("clerk"))
    return client


def names(response):
    return [name for _customer, name in response.context["rows"]]


@pytest.mark.parametrize("text", ["晨光", "光", "北京晨光商贸有限公司", "91110105MA01C2XK3E"])
def test_a_customer_is_found_by_name_parts_and_document(clerk, text):
    a_company()
    a_person(name="王芳试")
    assert names(clerk.get("/customers/", {"q": text})) == ["北京晨光商贸有限公司"]


def test_a_customer_is_found_by_the_whole_number(clerk):
    company = a_company()
    line = a_subscription(company, "fixed")
    assert names(clerk.get("/customers/", {"q": line.number})) == [company.name]
    assert names(clerk.get("/customers/", {"q": line.number[:6]})) == []


def test_the_list_is_filtered_by_kind_and_list(clerk):
    a_company(listed="black")
    a_person(name="王芳试")
    assert names(clerk.get("/customers/?kind=individual")) == ["王**"]
    assert names(clerk.get("/customers/?listed=black")) == ["北京晨光商贸有限公司"]
    assert names(clerk.get("/customers/?listed=red")) == []


def test_the_export_masks_persons(clerk):
    person = a_person(name="王芳试")
    clerk.force_login(a_staff("supervisor", username="exporter"))
    text = clerk.get("/customers/?export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"王**,{person.code},公众客户,无,50,010,0,")


def test_a_manager_sees_the_own_customers_alone(client):
    manager = a_staff("account_manager")
    mine = a_company(account_manager_id=manager.pk)
    a_company(name="北京他人商贸有限公司")
    client.force_login(manager)
    assert names(client.get("/customers/")) == [mine.name]


def test_an_empty_list_says_what_to_do(clerk):
    assert "从“登记客户”开始" in clerk.get("/customers/").content.decode()


def test_the_batch_operator_has_no_list_of_customers(client):
    client.force_login(a_staff("batch_operator"))
    assert client.get("/customers/").status_code == 403
