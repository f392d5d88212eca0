"""停复机指令 on O2 and at the subscription."""

import pytest
from django.test import Client

from bss.kernel.periods import local_moment
from customers.models import Subscription
from customers.services import subscriptions
from orders.models import NetworkOrder
from orders.provisioning.protocol import Answer, Command
from orders.services import network
from tests.builders.orders import NOON, a_company, a_subscription
from tests.orders.views.people import a_member_of_staff

pytestmark = pytest.mark.django_db

PAGE = "/orders/work-orders/network/"
NOW = local_moment("2026-09-10T12:00:30")


class Refusing:
    def execute(self, command: Command) -> Answer:
        return Answer(done=False, error="31 无此号码")


@pytest.fixture
def line() -> Subscription:
    line = a_subscription(a_company(), "fixed")
    subscriptions.suspend(subscription_ids=[line.pk], reason="debt", at=NOON)
    network.open_for(type_="stop", subscription_ids=[line.pk], at=NOON)
    return line


def fail() -> NetworkOrder:
    network.execute(network.claim(now=NOW), platform=Refusing(), at=NOON, now=NOW)
    return NetworkOrder.objects.get()


def test_a_stop_stands_on_the_list_and_at_the_subscription(
    client: Client, line: Subscription
) -> None:
    client.force_login(a_member_of_staff("boss", "supervisor"))

    listed = client.get(PAGE).content.decode()
    at_customer = client.get(f"/customers/{line.owner.code}?part=subscriptions").content.decode()

    assert line.number in listed
    assert "待执行" in listed
    assert "欠费停机" in listed
    assert f"{PAGE}?q={line.number}" in at_customer


def test_what_is_done_is_shown_when_asked_for(client: Client, line: Subscription) -> None:
    NetworkOrder.objects.update(state="done", done_at=NOON)
    client.force_login(a_member_of_staff("boss", "supervisor"))

    assert line.number not in client.get(PAGE).content.decode()
    assert line.number in client.get(f"{PAGE}?state=all&q={line.number[-4:]}").content.decode()
    assert line.number in client.get(f"{PAGE}?state=all&export=csv").content.decode()


@pytest.mark.usefixtures("line")
def test_a_failed_instruction_is_given_back_once(client: Client) -> None:
    failed = fail()
    client.force_login(a_member_of_staff("boss", "supervisor"))
    address = f"{PAGE}{failed.pk}/retry"

    assert client.post(address).status_code == 302
    again = client.post(address)

    assert again.status_code == 422
    assert "不需要重试" in again.content.decode()
    assert NetworkOrder.objects.get().state == "ready"


@pytest.mark.usefixtures("line")
def test_who_may_not_complete_work_orders_may_not_retry(client: Client) -> None:
    failed = fail()
    client.force_login(a_member_of_staff("voice", "agent"))

    assert client.post(f"{PAGE}{failed.pk}/retry").status_code == 403
    assert NetworkOrder.objects.get().state == "failed"
