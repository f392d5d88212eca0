"""The documentation page and the document behind it."""

import pytest

from tests.api.people import a_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(a_caller("manager1"))
    return client


@pytest.fixture
def schema(signed_in):
    return signed_in.get("/api/schema", HTTP_ACCEPT="application/json").json()


def test_every_resource_is_described_with_its_official_definition(schema):
    shown = {
        path: {
            method: described["responses"]["200" if method == "get" else "201"]
            for method, described in operations.items()
        }
        for path, operations in schema["paths"].items()
        if path.startswith("/tmf-api/")
    }
    names = {
        "/tmf-api/customerManagement/v4/customer/{id}": "TMF629_Customer",
        "/tmf-api/productOrderingManagement/v4/productOrder/{id}": "TMF622_ProductOrder",
        "/tmf-api/customerBillManagement/v4/customerBill/{id}": "TMF678_CustomerBill",
    }
    assert len(shown) == 2 * len(names)
    for path, name in names.items():
        body = shown[path]["get"]["content"]["application/json"]["schema"]
        assert body == {"$ref": f"#/components/schemas/{name}"}
        assert name in schema["components"]["schemas"]
    assert set(shown["/tmf-api/productOrderingManagement/v4/productOrder"]) == {"get", "post"}


def test_no_reference_of_the_document_leads_nowhere(schema):
    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}

    def references(value):
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    found = set(references(schema))
    assert len(found) > 50
    assert found <= known


def test_the_page_has_no_script_of_its_own_inside(signed_in):
    response = signed_in.get("/api/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="swagger-ui"' in page
    assert "<script>" not in page
    assert "swagger-ui-bundle" in page
    script = signed_in.get("/api/docs", {"script": ""})
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/schema" in script.content


def test_both_ways_to_prove_who_calls_are_described(schema):
    schemes = schema["components"]["securitySchemes"]
    flow = schemes["interface"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"
    assert set(flow["scopes"]) == {
        "customer.view", "order.view", "order.accept", "bundle.open", "account.view",
    }  # fmt: skip
    assert schemes["personalToken"]["name"] == "Authorization"
    order = schema["paths"]["/tmf-api/productOrderingManagement/v4/productOrder"]
    assert order["post"]["security"] == [{"interface": ["order.accept"]}, {"personalToken": []}]
    assert order["get"]["security"] == [{"interface": ["order.view"]}, {"personalToken": []}]


def test_a_session_opens_the_page_and_nothing_that_it_describes(signed_in):
    for method in (signed_in.get, signed_in.post):
        answer = method("/tmf-api/productOrderingManagement/v4/productOrder")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("address", ["/api/schema", "/api/docs"])
def test_strangers_are_asked_to_sign_in(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/login?next={address}")


@pytest.mark.parametrize("address", ["/api/schema", "/api/docs"])
def test_who_may_not_use_the_interface_does_not_read_about_it(client, address):
    client.force_login(a_caller("clerk1", role="clerk"))
    assert client.get(address).status_code == 403
