import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from bss.kernel.periods import local_moment
from tests.api.people import a_caller, a_contact, a_customer, assert_official, client_of

pytestmark = pytest.mark.django_db

CUSTOMERS = "/tmf-api/customerManagement/v4/customer"


@pytest.fixture
def manager():
    return a_caller("manager1")


@pytest.fixture
def client(manager):
    return client_of(manager)


def ids(response):
    return [row["id"] for row in response.json()]


def test_a_customer_is_what_tm_forum_says(client, manager):
    a_contact(a_customer("C1", manager=manager, name="北京试验商贸有限公司"))
    response = client.get(f"{CUSTOMERS}/C1")
    assert response.status_code == 200
    assert_official("TMF629", "Customer", response.json())
    body = response.json()
    assert body["id"] == "C1"
    assert body["href"] == f"http://testserver{CUSTOMERS}/C1"
    assert body["name"] == "北京试验商贸有限公司"
    assert body["status"] == "active"
    assert body["@type"] == "Customer"
    assert body["engagedParty"] == {
        "id": "C1",
        "name": "北京试验商贸有限公司",
        "role": "customer",
        "@referredType": "Organization",
    }
    assert body["relatedParty"][0]["id"] == "manager1"
    assert body["validFor"] == {"startDateTime": "2026-01-05T09:00:00+08:00"}


def test_a_persons_name_and_every_phone_are_masked(client, manager):
    a_contact(a_customer("C2", manager=manager, kind="individual", name="欧阳试验"))
    body = client.get(f"{CUSTOMERS}/C2").json()
    assert body["name"] == body["engagedParty"]["name"] == "欧***"
    assert body["engagedParty"]["@referredType"] == "Individual"
    assert body["contactMedium"][0]["characteristic"]["phoneNumber"] == "139****1234"


def test_a_manager_reaches_their_own_customers_alone(client, manager):
    a_customer("MINE", manager=manager)
    a_customer("OTHERS", manager=a_caller("manager2"))
    a_customer("NOBODYS")
    assert ids(client.get(CUSTOMERS)) == ["MINE"]
    answer = client.get(f"{CUSTOMERS}/OTHERS")
    assert answer.status_code == 404
    assert answer.json() == client.get(f"{CUSTOMERS}/NOWHERE").json()
    assert_official("TMF629", "Error", answer.json())


def test_a_supervisor_reaches_every_customer(manager):
    a_customer("C1", manager=manager)
    a_customer("C2")
    boss = client_of(a_caller("boss", role="supervisor"))
    assert ids(boss.get(CUSTOMERS)) == ["C1", "C2"]


def test_a_part_of_the_list_says_that_it_is_one(client, manager):
    for number in range(5):
        a_customer(f"C{number}", manager=manager)
    response = client.get(CUSTOMERS, {"offset": 1, "limit": 2})
    assert response.status_code == 206
    assert ids(response) == ["C1", "C2"]
    assert (response["X-Total-Count"], response["X-Result-Count"]) == ("5", "2")
    assert 'offset=3&limit=2>; rel="next"' in response["Link"]
    assert 'offset=0&limit=2>; rel="prev"' in response["Link"]


def test_a_whole_list_is_200_with_its_count(client, manager):
    a_customer("C1", manager=manager)
    response = client.get(CUSTOMERS)
    assert response.status_code == 200
    assert (response["X-Total-Count"], response["X-Result-Count"]) == ("1", "1")
    assert "Link" not in response.headers


def test_fields_keep_id_and_href(client, manager):
    a_customer("C1", manager=manager)
    row = client.get(CUSTOMERS, {"fields": "name,nonsense"}).json()[0]
    assert set(row) == {"id", "href", "name"}
    assert set(client.get(f"{CUSTOMERS}/C1", {"fields": "status"}).json()) == {
        "id",
        "href",
        "status",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "甲公司"}, ["A"]),
        ({"id": "A,B"}, ["A", "B"]),
        ({"status": "blackListed"}, ["B"]),
        ({"status": "nonsense"}, []),
        ({"engagedParty.@referredType": "Individual"}, ["C"]),
        ({"relatedParty.id": "manager1", "status": "active"}, ["A", "C"]),
        ({"validFor.startDateTime.gt": "2026-01-06"}, ["C"]),
        ({"validFor.startDateTime.lte": "2026-01-05T09:00:00+08:00"}, ["A", "B"]),
    ],
)
def test_the_list_is_filtered_by_attribute(client, manager, query, found):
    a_customer("A", manager=manager, name="甲公司")
    a_customer("B", manager=manager, listed="black")
    a_customer(
        "C", manager=manager, kind="individual", registered_at=local_moment("2026-02-01T09:00")
    )
    assert ids(client.get(CUSTOMERS, query)) == found


@pytest.mark.parametrize(
    "query",
    [
        {"nonsense": "1"},
        {"name.gt": "1"},
        {"validFor.startDateTime": "yesterday"},
        {"offset": "-1"},
        {"limit": "ten"},
        {"offset": "99999999999"},
        {"name": "\x00"},
    ],
)
def test_a_query_that_cannot_be_meant_is_a_problem(client, query):
    response = client.get(CUSTOMERS, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert_official("TMF629", "Error", response.json())
    assert response.json()["faults"][0]["place"] in query


def test_without_a_token_nothing_is_told():
    response = APIClient().get(CUSTOMERS)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json()["code"] == "not_authenticated"
    assert_official("TMF629", "Error", response.json())


def test_a_role_without_the_permission_is_sent_away():
    clerk = client_of(a_caller("clerk1", role="clerk"))
    response = clerk.get(CUSTOMERS)
    assert response.status_code == 403
    assert response.json()["reason"] == "没有 api.use 权限，请联系主管或接口负责人"


def test_a_known_version_is_not_sent_again(client, manager):
    customer = a_customer("C1", manager=manager)
    tag = client.get(f"{CUSTOMERS}/C1")["ETag"]
    again = client.get(f"{CUSTOMERS}/C1", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content) == (304, b"")
    customer.name = "改名公司"
    customer.save()
    assert client.get(f"{CUSTOMERS}/C1", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_what_is_not_offered_is_405(client):
    response = client.post(CUSTOMERS, {}, format="json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert_official("TMF629", "Error", response.json())


@pytest.mark.usefixtures("still_clock")
def test_the_list_asks_the_database_the_same_however_long_it_is(client, manager):
    def asked(count):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(CUSTOMERS).json()) == count
        return len(queries)

    a_contact(a_customer("C0", manager=manager))
    first = asked(1)
    for number in range(1, 15):
        a_contact(a_customer(f"C{number}", manager=manager))
    assert asked(15) == first
