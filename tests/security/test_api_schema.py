"""The whole open interface under fire, with each role's token: made up from its own document.

Whatever is sent: no 5xx, no 2xx for a role that may not, and every answer as the document says.
The figures are printed at the end of the run.
"""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from bss.kernel.roles import ROLES
from tests.api.people import a_caller, a_contact, a_customer, client_of
from tests.api.test_bill import a_bill

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

# What each operation asks for beside api.use.
NEEDS = {
    ("get", "customerManagement"): "customer.view",
    ("get", "productOrderingManagement"): "order.view",
    ("post", "productOrderingManagement"): "order.accept",
    ("get", "customerBillManagement"): "account.view",
}
ROLES_AND_NOBODY = (*ROLES, "nobody")
MAY_CALL = [role for role, spec in ROLES.items() if "api.use" in spec.permissions]
GOOD_FOR_NOTHING = {401, 403}


@cache
def document() -> dict[str, Any]:
    """The document that the product serves."""
    found: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(public=True)))
    return found


@cache
def operations() -> tuple[tuple[str, str, Any], ...]:
    """Every operation of the document that answers to callers."""
    schema = schemathesis.openapi.from_dict(document())
    return tuple(
        (method, path, schema[path][method])
        for path, methods in document()["paths"].items()
        if path.startswith("/tmf-api/")
        for method in methods
    )


@pytest.mark.parametrize("role", ROLES_AND_NOBODY)
def test_every_role_gets_what_is_documented_and_no_more(role, figure):
    few = 3 if role in MAY_CALL else 1
    fire(role, figure, examples=few, posting=False)


def test_posting_is_answered_as_documented(figure):
    fire("account_manager", figure, examples=4, posting=True)


@pytest.mark.thorough
@pytest.mark.parametrize(("posting", "examples"), [(False, 100), (True, 25)])
@pytest.mark.parametrize("role", ROLES_AND_NOBODY)
def test_every_role_gets_what_is_documented_and_no_more_at_length(role, posting, examples, figure):
    fire(role, figure, examples=examples, posting=posting)


def fire(role: str, figure: Any, *, examples: int, posting: bool) -> None:
    """Send made-up requests as this role; valid ones, then broken ones."""
    client, staff = caller(role)
    if staff is not None:
        mine = a_customer("C1", manager=staff)
        a_contact(mine)
        a_bill(mine)
    tally: Counter[int] = Counter()
    for method, path, operation in operations():
        if (method == "post") is not posting:
            continue
        allowed = may(role, method, path)
        for mode in schemathesis.GenerationMode:
            shoot(client, operation, mode, examples, allowed=allowed, tally=tally)
    figure(f"{role}: {sum(tally.values())} sent, {dict(sorted(tally.items()))}")
    assert tally


def shoot(
    client: Any,
    operation: Any,
    mode: Any,
    examples: int,
    *,
    allowed: bool,
    tally: Counter[int],
) -> None:
    responses = operation.definition.raw["responses"]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered_as_documented(case: Any) -> None:
        response = send(client, case)
        tally[response.status_code] += 1
        assert response.status_code < 500, (response.status_code, case)
        if not allowed:
            assert response.status_code in GOOD_FOR_NOTHING, (response.status_code, case)
        assert str(response.status_code) in responses, (response.status_code, case)
        hold_against(responses[str(response.status_code)], response, case)

    answered_as_documented()


def hold_against(described: Any, response: Any, case: Any) -> None:
    """The body is what the document says of this answer."""
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
    content = described.get("content", {}).get("application/json")
    if content is None or "fields" in (case.query or {}):
        return
    schema = {**content["schema"], "components": document()["components"]}
    faults = [error.message for error in Draft202012Validator(schema).iter_errors(response.json())]
    assert faults == [], (response.status_code, faults[:3], case)


def caller(role: str) -> tuple[Any, Any]:
    """A client with the token of somebody in this role; nobody has none."""
    if role == "nobody":
        return APIClient(), None
    staff = a_caller(f"{role}1", role=role)
    return client_of(staff), staff


def may(role: str, method: str, path: str) -> bool:
    held = set(ROLES[role].permissions) if role in ROLES else set()
    needed = next(NEEDS[method, area] for m, area in NEEDS if m == method and area in path)
    return {"api.use", needed} <= held


def send(client: Any, case: Any) -> Any:
    query = {name: str(value) for name, value in dict(case.query or {}).items()}
    headers = {
        name: str(value).encode("latin-1", "replace").decode("latin-1")
        for name, value in dict(case.headers or {}).items()
    }
    if case.method.lower() == "get":
        return client.get(case.formatted_path, query, headers=headers)
    body = case.body if isinstance(case.body, dict | list | str | int | float) else None
    return client.post(
        case.formatted_path, body, format="json", query_params=query, headers=headers
    )
