import pytest

from orders.models import Order
from tests.builders.billing import a_channel
from tests.builders.customers import LONG_AGO, a_company, a_person, a_subscription
from tests.builders.packages import a_basic_pair, a_bundle, a_catalogue
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    staff = a_staff("clerk")
    client.force_login(staff)
    return staff


def found(client, text):
    response = client.get("/search", {"q": text})
    assert response.status_code == 200
    return {group.title: [hit.title for hit in group.hits] for group in response.context["groups"]}


@pytest.mark.parametrize("text", ["晨光", "光商"])
def test_two_characters_of_a_name_are_enough(client, staff, text):
    a_company()
    assert found(client, text)["客户"] == ["北京晨光商贸有限公司"]


def test_an_exact_number_finds_its_customer_first(client, staff):
    company = a_company()
    line = a_subscription(company, "fixed")
    response = client.get("/search", {"q": line.number})
    first = response.context["groups"][0].hits[0]
    assert (first.title, first.exact, first.url) == (
        company.name,
        True,
        f"/customers/{company.code}",
    )


def test_a_document_finds_its_customer_without_showing_it(client, staff):
    a_person(name="王芳试")
    assert found(client, "110105198806054024")["客户"] == ["王**"]


def test_bundles_and_orders_are_found_by_their_number(client, staff):
    a_catalogue()
    bundle = a_bundle(*a_basic_pair())
    an_order(bundle.customer, staff, code="SO-2026-000001")
    assert found(client, bundle.code)["融合套餐"] == [bundle.customer.name]
    assert found(client, "SO-2026-000001")["订单"] == ["停机保号 · 北京晨光商贸有限公司"]


def test_an_empty_box_shows_what_one_worked_on_last(client, staff):
    first, second = a_company(name="北京甲试验公司"), a_company(name="北京乙试验公司")
    an_order(second, staff, code="SO-1")
    an_order(first, staff, code="SO-2")
    an_order(a_company(name="北京丙试验公司"), a_staff("supervisor"), code="SO-3")
    assert found(client, "") == {
        "最近服务的客户": ["北京甲试验公司", "北京乙试验公司"],
        "我最近受理的订单": ["停机保号 · 北京甲试验公司", "停机保号 · 北京乙试验公司"],
    }


def test_a_manager_does_not_find_the_customers_of_others(client):
    company = a_company()
    client.force_login(a_staff("account_manager"))
    assert found(client, company.code) == {}
    assert found(client, "91110105MA01C2XK3E") == {}


def test_the_batch_operator_finds_no_customers(client):
    company = a_company()
    client.force_login(a_staff("batch_operator"))
    assert "客户" not in found(client, company.code)


def an_order(customer, staff, *, code):
    return Order.objects.create(
        code=code,
        type=Order.Type.HOLD,
        customer=customer,
        channel=a_channel(),
        accepted_by=staff,
        accepted_at=LONG_AGO,
    )
