import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.models.api_call import ApiCall
from customers.models import Subscription
from orders.models import Order
from tests.api.people import a_caller, assert_official, client_of
from tests.builders.customers import a_person
from tests.builders.orders import a_company, a_source, a_subscription

pytestmark = pytest.mark.django_db

ORDERS = "/tmf-api/productOrderingManagement/v4/productOrder"


@pytest.fixture
def manager():
    return a_caller("manager1")


@pytest.fixture
def client(manager):
    return client_of(manager)


@pytest.fixture
def company(manager):
    customer = a_company()
    customer.account_manager = manager
    customer.save()
    return customer


def characteristics(**values):
    return [{"name": name, "value": value} for name, value in values.items()]


def an_order(customer, item, **more):
    return {
        "channel": [{"id": a_source().code}],
        "relatedParty": [{"id": customer.code, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [{"id": "1", **item}],
        **more,
    }


def a_hold(customer, subscription, **more):
    return an_order(
        customer,
        {
            "action": "modify",
            "product": {
                "id": str(subscription.pk),
                "productCharacteristic": characteristics(state="on_hold"),
            },
        },
        **more,
    )


def an_opening(customer, *members, **more):
    return an_order(
        customer,
        {
            "action": "add",
            "productOffering": {"id": "basic"},
            "product": {
                "isBundle": True,
                "productCharacteristic": characteristics(scheme="A", tier=106, **more),
            },
            "productOrderItem": [
                {"id": f"1.{place}", "action": "add", **member}
                for place, member in enumerate(members, start=1)
            ],
        },
    )


def a_new_mobile(number="13011110099"):
    return {
        "productOffering": {"id": "M2G-BLOCK"},
        "product": {"productCharacteristic": characteristics(service="m2g", number=number)},
    }


def a_new_line(number="01062009900", **product):
    return {
        "productOffering": {"id": "FIXED-STD"},
        "product": {
            "productCharacteristic": characteristics(service="fixed", number=number),
            **product,
        },
    }


def a_place(**more):
    return {"role": "installationAddress", **more}


def post(client, body, **headers):
    return client.post(ORDERS, body, format="json", **headers)


def test_a_bundle_is_opened_with_an_existing_and_a_new_member(client, company):
    line = a_subscription(company, "fixed")
    body = an_opening(company, {"product": {"productSerialNumber": line.number}}, a_new_mobile())
    response = post(client, body)
    assert response.status_code == 201, response.json()
    made = response.json()
    assert_official("TMF622", "ProductOrder", made)
    order = Order.objects.get()
    assert response["Location"] == made["href"] == f"http://testserver{ORDERS}/{order.code}"
    assert (made["id"], made["state"], made["category"]) == (
        order.code,
        "acknowledged",
        "open_bundle",
    )
    assert (order.type, order.channel.code) == ("open_bundle", "HALL-01")
    assert order.accepted_by.username == "manager1"
    item = made["productOrderItem"][0]
    assert item["productOffering"] == {"id": "basic"}
    assert {c["name"]: c["value"] for c in item["product"]["productCharacteristic"]} == {
        "scheme": "A",
        "tier": 106,
        "separate3g": False,
        "filedByManager": False,
    }
    assert item["productOrderItem"][0]["product"]["id"] == str(line.pk)
    assert item["productOrderItem"][1]["product"]["productSerialNumber"] == "130****0099"
    assert {str(w) for w in order.work_orders.all()} >= {f"join_vpn {line.number}"}


@pytest.mark.parametrize(
    "place",
    [
        a_place(name="北京市试验区枫桥路 27 号"),
        {
            "role": "installationAddress",
            "@type": "GeographicAddress",
            "city": "北京市",
            "locality": "试验区",
            "streetName": "枫桥路 ",
            "streetNr": "27 号",
        },
    ],
    ids=["by name", "in parts"],
)
def test_a_new_line_is_installed_at_its_place_which_is_sealed(client, company, place):
    response = post(client, an_opening(company, a_new_line(place=[place]), a_new_mobile()))

    assert response.status_code == 201, response.json()
    line = Subscription.objects.get(number="01062009900")
    assert line.install_address.replace(" ", "") == "北京市试验区枫桥路27号"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT install_address FROM customers_subscription WHERE id = %s", [line.pk]
        )
        assert cursor.fetchone()[0].startswith("k1.")
    kept = f"{Order.objects.get().request} {response.json()}"
    assert "枫桥" not in kept


@pytest.mark.parametrize(
    ("product", "place"),
    [
        ({}, "product.place"),
        ({"place": [a_place()]}, "product.place"),
        ({"place": [a_place(id="ADDR-1")]}, "product.place"),
        ({"place": [{"role": "home", "name": "示例路 8 号"}]}, "product.place.0.role"),
        ({"place": [a_place(name="示例路 8 号")] * 2}, "product.place"),
        ({"place": [a_place(name="路" * 121)]}, "product.place.0"),
    ],
)
def test_a_new_line_without_a_place_that_can_be_found_is_told_so(client, company, product, place):
    response = post(client, an_opening(company, a_new_line(**product), a_new_mobile()))

    assert response.status_code == 400
    places = [fault["place"] for fault in response.json()["faults"]]
    assert f"productOrderItem.0.productOrderItem.0.{place}" in places
    assert not Subscription.objects.filter(number="01062009900").exists()


def test_a_pack_names_its_terminal_among_the_items(client, company):
    line, mobile = a_subscription(company, "fixed"), a_subscription(company, "m2g")
    extra = a_subscription(company, "fixed")
    body = an_opening(
        company,
        {"product": {"id": str(line.pk)}},
        {"product": {"id": str(mobile.pk)}},
        {
            "productOffering": {"id": "TERM-SHARE"},
            "productOrderItemRelationship": [{"relationshipType": "terminal", "id": "1.4"}],
        },
        {"product": {"id": str(extra.pk)}},
    )
    response = post(client, body)
    assert response.status_code == 201, response.json()
    assert_official("TMF622", "ProductOrder", response.json())
    asked = Order.objects.get().request
    assert asked["members"] == [line.pk, mobile.pk]
    assert asked["packs"] == [{"pack": "TERM-SHARE", "terminal": extra.pk}]


def test_every_rule_that_refuses_is_told_at_once_and_nothing_changes(client, company):
    line = a_subscription(company, "fixed", arrears_fen=1200)
    response = post(client, an_opening(company, {"product": {"id": str(line.pk)}}))
    assert response.status_code == 422
    problem = response.json()
    assert_official("TMF622", "Error", problem)
    assert problem["code"] == "ELG-8,ELG-9"
    assert [r["rule"] for r in problem["refusals"]] == ["ELG-8", "ELG-9"]
    assert response["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("item", "business"),
    [
        ({"action": "modify", "productOffering": {"id": "M2G-BLOCK"}}, "change_plan"),
        ({"action": "add", "productOffering": {"id": "colour_ring"}}, "open_vas"),
        ({"action": "delete"}, "terminate"),
        ({"action": "modify", "has": {"state": "on_hold"}}, "hold"),
        ({"action": "modify", "has": {"number": "13011118888"}}, "change_number"),
        ({"action": "modify", "has": {"sim": "replace"}}, "replace_sim"),
    ],
)
def test_single_user_business_is_read_from_action_and_content(client, company, item, business):
    mobile = a_subscription(company, "m2g")
    wanted = {**item, "product": {"id": str(mobile.pk)}}
    if has := wanted.pop("has", None):
        wanted["product"]["productCharacteristic"] = characteristics(**has)
    response = post(client, an_order(company, wanted))
    assert response.status_code == 201, response.json()
    assert_official("TMF622", "ProductOrder", response.json())
    order = Order.objects.get()
    assert (order.type, order.subscription) == (business, mobile)
    assert response.json()["productOrderItem"][0]["action"] == item["action"]


def test_a_transfer_names_the_new_owner(client, company, manager):
    heir = a_person()
    heir.account_manager = manager
    heir.save()
    mobile = a_subscription(company, "m2g")
    product = {"id": str(mobile.pk), "productCharacteristic": characteristics(owner=heir.code)}
    response = post(client, an_order(company, {"action": "modify", "product": product}))
    assert response.status_code == 201, response.json()
    assert Order.objects.get().request["to_customer_id"] == heir.pk


def test_an_order_without_a_source_is_refused(client, company):
    body = a_hold(company, a_subscription(company, "m2g"))
    del body["channel"]
    response = post(client, body)
    assert (response.status_code, response.json()["code"]) == (422, "S85-2")
    body["channel"] = [{"id": "NOWHERE"}]
    assert post(client, body).json()["code"] == "S85-2"
    assert not Order.objects.exists()


def test_customers_and_products_of_others_cannot_be_named(client, company):
    stranger = a_person()
    theirs = a_subscription(stranger, "m2g")
    answer = post(client, a_hold(stranger, theirs))
    assert (answer.status_code, answer.json()["faults"][0]["place"]) == (400, "relatedParty")
    answer = post(client, a_hold(company, theirs))
    assert (answer.status_code, answer.json()["faults"][0]["place"]) == (
        400,
        "productOrderItem.0.product.id",
    )
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"productOrderItem": []}, "productOrderItem"),
        ({"productOrderItem": [{"id": "1"}]}, "productOrderItem.0"),
        ({"productOrderItem": [{"id": "1", "action": "explode"}]}, "productOrderItem.0.action"),
        ({"requestedStartDate": "tomorrow"}, "requestedStartDate"),
        ({"relatedParty": []}, "relatedParty"),
        ({"productOrderItem": [{"id": "1", "action": "add"}] * 2}, "productOrderItem"),
        ({"productOrderItem": [{"id": "1", "action": "add"}]}, "productOrderItem.0.action"),
    ],
)
def test_a_body_that_cannot_be_understood_names_its_places(client, company, change, place):
    response = post(client, a_hold(company, a_subscription(company, "m2g")) | change)
    assert response.status_code == 400
    assert_official("TMF622", "Error", response.json())
    assert place in [fault["place"] for fault in response.json()["faults"]]
    assert not Order.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "{", '{"productOrderItem": NaN}'])
def test_what_is_no_order_at_all_is_a_problem(client, body):
    response = client.post(ORDERS, body, content_type="application/json")
    assert response.status_code == 400
    assert_official("TMF622", "Error", response.json())


def test_the_same_key_again_repeats_the_answer_and_does_nothing(client, company):
    body = a_hold(company, a_subscription(company, "m2g"))
    first = post(client, body, HTTP_IDEMPOTENCY_KEY="k-1")
    again = post(client, body, HTTP_IDEMPOTENCY_KEY="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(client, company):
    mobile = a_subscription(company, "m2g")
    post(client, a_hold(company, mobile), HTTP_IDEMPOTENCY_KEY="k-1")
    other = post(client, a_hold(company, mobile, externalId="x"), HTTP_IDEMPOTENCY_KEY="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_another_caller_may_use_the_same_key(client, company):
    boss = client_of(a_caller("boss", role="supervisor"))
    one, two = a_subscription(company, "m2g"), a_subscription(company, "m2g")
    assert post(client, a_hold(company, one), HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    assert post(boss, a_hold(company, two), HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    assert Order.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(client, company):
    body = a_hold(company, a_subscription(company, "m2g", arrears_fen=1200))
    refused = post(client, body, HTTP_IDEMPOTENCY_KEY="k-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "CRD-6")
    assert not ApiCall.objects.exists()


def test_the_callers_own_number_is_kept_and_found(client, company):
    body = a_hold(company, a_subscription(company, "m2g"), externalId="ERP-7")
    made = post(client, body).json()
    assert made["externalId"] == "ERP-7"
    found = client.get(ORDERS, {"externalId": "ERP-7"}).json()
    assert [row["id"] for row in found] == [made["id"]]
    assert client.get(ORDERS, {"externalId": "ERP-8"}).json() == []


def test_orders_are_read_within_scope(client, company):
    made = post(client, a_hold(company, a_subscription(company, "m2g"))).json()
    assert client.get(f"{ORDERS}/{made['id']}").json() == made
    other = client_of(a_caller("manager2"))
    assert other.get(f"{ORDERS}/{made['id']}").status_code == 404
    assert other.get(ORDERS).json() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "hold"}, 1),
        ({"category": "transfer"}, 0),
        ({"state": "acknowledged,inProgress"}, 1),
        ({"state": "completed"}, 0),
        ({"channel.id": "HALL-01"}, 1),
        ({"orderDate.gt": "2099-01-01"}, 0),
        ({"fields": "state"}, 1),
    ],
)
def test_orders_are_filtered_by_attribute(client, company, query, found):
    post(client, a_hold(company, a_subscription(company, "m2g")))
    rows = client.get(ORDERS, query).json()
    assert len(rows) == found
    if "fields" in query:
        assert set(rows[0]) == {"id", "href", "state"}


@pytest.mark.usefixtures("still_clock")
def test_the_list_asks_the_database_the_same_however_long_it_is(client, company):
    def asked(count):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(ORDERS).json()) == count
        return len(queries)

    post(client, a_hold(company, a_subscription(company, "m2g")))
    first = asked(1)
    for _ in range(5):
        post(client, a_hold(company, a_subscription(company, "m2g")))
    assert asked(6) == first
