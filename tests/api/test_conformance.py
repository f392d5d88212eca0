"""Whatever the official documents allow to be sent is answered as they say, and nothing crashes."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from bss.kernel.api import official
from tests.api.people import a_caller, a_customer, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

OFFERED = (
    ("TMF629", "get", "/customer", "Customer"),
    ("TMF629", "get", "/customer/{id}", "Customer"),
    ("TMF622", "get", "/productOrder", "ProductOrder"),
    # its document is so deep that making up one body takes seconds
    pytest.param("TMF622", "post", "/productOrder", "ProductOrder", marks=pytest.mark.thorough),
    ("TMF622", "get", "/productOrder/{id}", "ProductOrder"),
    ("TMF678", "get", "/customerBill", "CustomerBill"),
    ("TMF678", "get", "/customerBill/{id}", "CustomerBill"),
)
# Ours beside the documented ones: a part of a list, and a refusal by business rules.
ALSO = {206, 422}


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize(("api", "method", "path", "resource"), OFFERED)
def test_what_can_be_sent_is_answered_as_documented(api, method, path, resource, mode):
    manager = a_caller("manager1")
    a_customer("C1", manager=manager)
    client = client_of(manager)
    operation = schemathesis.openapi.from_dict(official.document(api))[path][method]
    documented = {int(status) for status in operation.definition.raw["responses"]} | ALSO

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    def answered_as_documented(case: Any) -> None:
        response = send(client, api, case)
        assert response.status_code in documented, (response.status_code, case)
        if response.status_code >= 400:
            assert official.faults(api, "Error", response.json()) == []
            return
        body = response.json()
        for one in body if isinstance(body, list) else [body]:
            assert official.faults(api, resource, one) == [] or "fields" in case.query

    answered_as_documented()


def send(client: Any, api: str, case: Any) -> Any:
    """The generated request, as the official base path has it."""
    query = {name: str(value) for name, value in dict(case.query or {}).items()}
    address = f"/{official.base_path(api)}{case.formatted_path}"
    if case.method.lower() == "get":
        return client.get(address, query)
    body = case.body if isinstance(case.body, dict | list | str | int | float) else None
    return client.post(address, body, format="json", query_params=query)
