from datetime import date

import pytest

from billing.models import Charge
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from orders.models import NumberResource, Order, WorkOrder
from orders.services import resources, withdrawal, work_orders
from packages_wo.models import Bundle, Membership
from tests.builders.orders import (
    NOON,
    a_company,
    a_new,
    a_single,
    a_subscription,
    accepted,
    an_opening,
    complete,
    moment,
    names_of,
)

pytestmark = pytest.mark.django_db

LINE, BROADBAND = "01062009001", "01080009001"


def a_half_done_opening() -> Order:
    company = a_company()
    phone = a_subscription(company, "m2g")
    resources.add_numbers(service="fixed", area="010", numbers=[LINE])
    resources.add_numbers(service="broadband", area="010", numbers=[BROADBAND])
    order = accepted(
        an_opening(
            company,
            "f1",
            "b1",
            phone,
            offering="enhanced",
            tier=136,
            new=(
                a_new("f1", "fixed", number=LINE),
                a_new("b1", "broadband", number=BROADBAND),
            ),
        )
    )
    named = names_of(order)
    ids = [
        named[name].pk
        for name in (f"reserve_resource {LINE}", f"install {LINE}", f"reserve_resource {BROADBAND}")
    ]
    work_orders.complete(order_id=order.pk, work_order_ids=ids, at=moment("2026-09-12T15:00"))
    return order


def test_what_is_installed_stays_with_its_fee_and_the_rest_is_given_back() -> None:
    order = a_half_done_opening()

    withdrawal.withdraw(order_id=order.pk, at=moment("2026-10-02T10:00"))

    order = Order.objects.get(pk=order.pk)
    states = {name: each.state for name, each in names_of(order).items()}
    assert (order.state, order.cancelled_by_rule) == (Order.State.CANCELLED, "EFF-6")
    assert states[f"install {LINE}"] == WorkOrder.State.DONE
    assert states[f"reserve_resource {BROADBAND}"] == WorkOrder.State.DONE
    assert states[f"install {BROADBAND}"] == WorkOrder.State.CANCELLED
    assert Subscription.objects.get(number=LINE).state == "active"
    assert Subscription.objects.get(number=BROADBAND).state == "terminated"
    assert Bundle.objects.get().state == Bundle.State.CANCELLED
    assert not Membership.objects.filter(state=Membership.State.PENDING).exists()
    assert list(Charge.objects.values_list("subscription__number", "amount_fen", "month")) == [
        (LINE, 5800, date(2026, 10, 1))
    ]
    assert dict(NumberResource.objects.values_list("number", "state")) == {
        LINE: NumberResource.State.IN_USE,
        BROADBAND: NumberResource.State.FREE,
    }


def test_a_withdrawn_order_is_neither_withdrawn_nor_completed_again() -> None:
    order = a_half_done_opening()
    withdrawal.withdraw(order_id=order.pk, at=NOON)

    for act in (withdrawal.withdraw, work_orders.complete):
        with pytest.raises(RefusedError) as refused:
            act(order_id=order.pk, at=NOON)
        assert refused.value.rules == ["EFF-6"]


def test_a_completed_order_is_not_withdrawn() -> None:
    company = a_company()
    order = complete(
        accepted(an_opening(company, *(a_subscription(company, kind) for kind in ("fixed", "m2g"))))
    )

    with pytest.raises(RefusedError) as refused:
        withdrawal.withdraw(order_id=order.pk, at=NOON)

    assert refused.value.rules == ["EFF-6"]
    assert Order.objects.get(pk=order.pk).state == Order.State.COMPLETED


def test_single_user_business_is_withdrawn_too() -> None:
    line = a_subscription(a_company(), "fixed")
    order = accepted(a_single(line, "hold"))

    withdrawal.withdraw(order_id=order.pk, at=NOON)

    assert order.work_orders.get().state == WorkOrder.State.CANCELLED
    assert Subscription.objects.get(pk=line.pk).state == "active"


def test_orders_lapse_with_the_bundle_that_ended_for_debt() -> None:
    order = a_half_done_opening()

    withdrawal.lapse(order_refs=[order.code], at=moment("2026-10-01T00:00"))

    with pytest.raises(RefusedError) as refused:
        work_orders.complete(order_id=order.pk, at=moment("2026-10-02T00:00"))
    assert refused.value.rules == ["CRD-4"]
