"""What the workers do for gateways; without one they do nothing."""

from datetime import timedelta

import pytest

from billing.gateways.configured import offered
from billing.models import GatewayOrder
from billing.tasks import gateways
from bss.kernel import clock
from tests.builders.billing import a_customer, a_line, moment, own_account
from tests.builders.gateways import Customers, an_order

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:05")


def test_open_orders_of_both_gateways_are_asked_about(customers: Customers) -> None:
    account = own_account(a_line(a_customer()))
    orders = [an_order(account, name=name, key=name) for name in ("alipay", "wechat")]
    expired = an_order(account, key="expired")
    for order in orders:
        customers.pay(order)
    GatewayOrder.objects.update(look_after=clock.real_now() - timedelta(seconds=1))
    GatewayOrder.objects.filter(pk=expired.pk).update(expires_at=clock.real_now())

    assert gateways.look_at_open() == 3

    states = GatewayOrder.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["paid", "paid", "closed"]
    assert gateways.look_at_open() == 0


@pytest.mark.parametrize("job", [gateways.sweep, gateways.reconcile])
def test_without_a_gateway_no_worker_is_asked(job, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as asked:
        job(at=AT)
    assert asked == []


def test_production_offers_no_simulated_gateway(customers: Customers, settings) -> None:
    assert offered() == ["alipay", "wechat"]
    settings.PRODUCTION = True
    assert offered() == []
