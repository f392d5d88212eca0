"""Orders that are right, one after the other and with all the document allows beside them.

What ``test_api_schema`` makes up is wrong nearly always, and so answered with 400. Here the orders
are those a partner sends: taken from whoever may, from nobody else, and seen by nobody else.
"""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.api.people import a_caller, client_of
from tests.api.test_product_order import ORDERS, an_opening, an_order, characteristics
from tests.builders.orders import a_company, a_subscription
from tests.security.test_api_schema import MAY_CALL, ROLES_AND_NOBODY, caller, may, operations

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

QUIET = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
# What a drawn order may bring along beside what makes it right.
BESIDE = ("externalId", "description", "note", "priority", "category", "notificationContact")
ON_THE_LINE: dict[str, Any] = {
    "hold": ("modify", "", {"state": "on_hold"}),
    "resume": ("modify", "", {"state": "active"}),
    "change_plan": ("modify", "M2G-BLOCK", {}),
    "open_vas": ("add", "caller_id", {}),
    "close_vas": ("delete", "caller_id", {}),
    "change_number": ("modify", "", {"number": "13011119999"}),
    "replace_sim": ("modify", "", {"sim": "replace"}),
    "terminate": ("delete", "", {}),
}
RIGHT = sorted(ON_THE_LINE.keys() - {"resume", "close_vas"})
"""What a line in use without value-added products can have."""


def about(subscription: Any, business: str) -> dict[str, Any]:
    """The item that asks for this business."""
    action, offering, values = ON_THE_LINE[business]
    product = {"id": str(subscription.pk), "productCharacteristic": characteristics(**values)}
    item = {"action": action, "product": product}
    return {**item, "productOffering": {"id": offering}} if offering else item


@pytest.mark.parametrize("role", ROLES_AND_NOBODY)
def test_a_right_order_is_taken_from_whoever_may_and_from_nobody_else(role, figure):
    send_right_orders(role, figure, examples=4 if role in MAY_CALL else 2)


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES_AND_NOBODY)
def test_a_right_order_is_taken_from_whoever_may_and_from_nobody_else_at_length(role, figure):
    send_right_orders(role, figure, examples=150)


def send_right_orders(role: str, figure: Any, *, examples: int) -> None:
    client, staff = caller(role)
    company = a_company()
    company.account_manager = staff
    company.save()
    mobile, fixed = a_subscription(company, "m2g"), a_subscription(company, "fixed")
    members = [{"product": {"id": str(one.pk)}} for one in (fixed, mobile)]
    right = [
        an_opening(company, *members),
        *(an_order(company, about(mobile, business)) for business in RIGHT),
    ]
    [(_, path, operation)] = [one for one in operations() if one[0] == "post"]
    allowed = may(role, "post", path)
    tally: Counter[int] = Counter()

    @settings(max_examples=examples, phases=[Phase.generate], **QUIET)
    @given(case=operation.as_strategy(), order=st.sampled_from(right))
    def each(case: Any, order: dict[str, Any]) -> None:
        drawn = case.body if isinstance(case.body, dict) else {}
        body = {name: drawn[name] for name in BESIDE if name in drawn} | order
        with transaction.atomic():
            answer = client.post(ORDERS, body, format="json")
            tally[answer.status_code] += 1
            assert answer.status_code < 500, body
            if answer.status_code == 201:
                assert client.get(answer["Location"]).json()["id"] == answer.json()["id"]
            transaction.set_rollback(True)
        assert (answer.status_code < 300) <= allowed, (answer.status_code, body)

    each()
    figure(f"right orders as {role}: {dict(sorted(tally.items()))}")
    if allowed:
        assert tally[201] > sum(tally.values()) // 2
    else:
        assert set(tally) <= {401, 403}


@pytest.mark.parametrize("runs", [8, pytest.param(60, marks=pytest.mark.thorough)])
def test_whatever_is_ordered_one_after_the_other_is_taken_or_refused_by_a_rule(runs, figure):
    Partner.tally = Counter()
    run_state_machine_as_test(
        Partner, settings=settings(max_examples=runs, stateful_step_count=12, **QUIET)
    )
    figure(f"orders in a row: {dict(sorted(Partner.tally.items()))}")
    assert Partner.tally[201]
    assert Partner.tally.keys() <= {201, 400, 422}


class Partner(RuleBasedStateMachine):
    """Somebody's program orders one thing after the other; another's looks on, and may not."""

    tally: Counter[int] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        mine, other = a_caller("manager1"), a_caller("manager2")
        self.client, self.stranger = client_of(mine), client_of(other)
        self.company = a_company()
        self.company.account_manager = mine
        self.company.save()
        self.line = a_subscription(self.company, "m2g")
        self.answered: dict[str, Any] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(business=st.sampled_from(sorted(ON_THE_LINE)))
    def order(self, business: str) -> None:
        body = an_order(self.company, about(self.line, business))
        assert self.stranger.post(ORDERS, body, format="json").status_code == 400
        answer = self.client.post(ORDERS, body, format="json")
        self.tally[answer.status_code] += 1
        if answer.status_code == 201:
            self.answered[answer["Location"]] = answer.json()
        elif answer.status_code == 422:
            assert answer.json()["refusals"]

    @rule(business=st.sampled_from(sorted(ON_THE_LINE)))
    def order_twice(self, business: str) -> None:
        """The same key: one order, however often it is sent."""
        body = an_order(self.company, about(self.line, business))
        key = {"HTTP_IDEMPOTENCY_KEY": f"key-{len(self.answered)}-{business}"}
        first = self.client.post(ORDERS, body, format="json", **key)
        again = self.client.post(ORDERS, body, format="json", **key)
        self.tally[first.status_code] += 1
        assert again.status_code == first.status_code
        if first.status_code == 201:
            assert again.json() == first.json()
            self.answered[first["Location"]] = first.json()

    @rule()
    def look(self) -> None:
        """What was taken is there for its partner alone."""
        assert {one["id"] for one in self.client.get(ORDERS).json()} >= {
            made["id"] for made in self.answered.values()
        }
        for location in self.answered:
            assert self.client.get(location).status_code == 200
            assert self.stranger.get(location).status_code == 404
