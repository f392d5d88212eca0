"""Two requests with one key at the same moment: one order, one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orders.models import Order
from tests.api.people import a_caller, client_of
from tests.api.test_product_order import a_hold, post
from tests.builders.orders import a_company, a_subscription


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first_and_repeats_its_answer():
    manager = a_caller("manager1")
    company = a_company()
    company.account_manager = manager
    company.save()
    body = a_hold(company, a_subscription(company, "m2g"))
    client = client_of(manager)

    def send(_):
        try:
            return post(client, body, HTTP_IDEMPOTENCY_KEY="race")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert Order.objects.count() == 1
