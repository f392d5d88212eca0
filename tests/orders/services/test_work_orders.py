from datetime import date

import pytest

from billing.models import Charge
from bss.kernel.rulebook import RefusedError
from channels.models import SaleFact
from customers.models import Subscription
from orders.models import Order, WorkOrder
from orders.services import work_orders
from packages_wo.models import Bundle
from tests.builders.orders import (
    a_company,
    a_new,
    a_subscription,
    accepted,
    an_opening,
    complete,
    moment,
    names_of,
)

pytestmark = pytest.mark.django_db

NEW_LINE, NEW_BROADBAND, NEW_PHONE = "01062009001", "01080009001", "13011119001"


def an_all_new_opening() -> Order:
    company = a_company()
    return accepted(
        an_opening(
            company,
            "b1",
            "f1",
            "m1",
            offering="enhanced",
            tier=136,
            new=(
                a_new("f1", "fixed", number=NEW_LINE),
                a_new("b1", "broadband", number=NEW_BROADBAND),
                a_new("m1", "m2g", number=NEW_PHONE, plan="M2G-BLOCK"),
            ),
        )
    )


def states(order: Order) -> dict[str, str]:
    return {name: each.state for name, each in names_of(order).items()}


def test_work_orders_become_ready_when_what_they_wait_for_is_done() -> None:
    order = an_all_new_opening()
    found = states(order)
    assert found[f"reserve_resource {NEW_LINE}"] == WorkOrder.State.READY
    assert found[f"install {NEW_LINE}"] == WorkOrder.State.WAITING

    complete(order, "reserve_resource")

    found = states(order)
    assert found[f"install {NEW_LINE}"] == WorkOrder.State.READY
    assert found[f"install {NEW_BROADBAND}"] == WorkOrder.State.WAITING
    assert found[f"join_vpn {NEW_LINE}"] == WorkOrder.State.WAITING
    assert Order.objects.get(pk=order.pk).state == Order.State.IN_PROGRESS


def test_a_work_order_out_of_turn_is_refused_and_nothing_changes() -> None:
    order = an_all_new_opening()
    before = states(order)
    install = names_of(order)[f"install {NEW_LINE}"]

    with pytest.raises(RefusedError) as refused:
        work_orders.complete(
            order_id=order.pk, work_order_ids=[install.pk], at=moment("2026-09-11T09:00")
        )

    assert refused.value.rules == ["PAR-11"]
    assert states(order) == before
    assert Order.objects.get(pk=order.pk).state == Order.State.ACCEPTED


def test_an_installation_acts_when_it_is_done_and_what_is_prepared_does_not() -> None:
    order = an_all_new_opening()
    named = names_of(order)
    ids = [named[f"{type_} {NEW_LINE}"].pk for type_ in ("reserve_resource", "install")]

    work_orders.complete(order_id=order.pk, work_order_ids=ids, at=moment("2026-09-12T15:00"))

    line = Subscription.objects.get(number=NEW_LINE)
    assert (line.state, line.in_service_at) == ("active", moment("2026-09-12T15:00"))
    assert Subscription.objects.get(number=NEW_BROADBAND).state == "pending"
    assert not Charge.objects.exists()


def test_the_last_work_order_completes_the_order_and_decides_the_effect() -> None:
    order = an_all_new_opening()

    order = complete(order, at=moment("2026-09-21T15:00"))

    bundle = Bundle.objects.get(pk=order.bundle_id)
    assert order.state == Order.State.COMPLETED
    assert order.completed_at == moment("2026-09-21T15:00")
    assert (bundle.state, bundle.effective_on) == (Bundle.State.PENDING, date(2026, 10, 1))
    assert set(states(order).values()) == {WorkOrder.State.DONE}
    assert Subscription.objects.get(number=NEW_BROADBAND).speed_kbps == 2048


def test_install_fees_are_billed_in_the_month_in_which_the_whole_order_completes() -> None:
    order = an_all_new_opening()
    complete(order, "reserve_resource", "install", at=moment("2026-09-30T15:00"))

    complete(order, at=moment("2026-10-02T15:00"))

    assert {
        (charge.subscription.number, charge.amount_fen, charge.month, charge.tax_category)
        for charge in Charge.objects.select_related("subscription")
    } == {
        (NEW_LINE, 5800, date(2026, 10, 1), "installation"),
        (NEW_BROADBAND, 10000, date(2026, 10, 1), "installation"),
    }


def test_a_completed_order_is_completed_again_without_effect() -> None:
    order = complete(an_all_new_opening(), at=moment("2026-09-21T15:00"))

    again = complete(order, at=moment("2026-09-25T15:00"))

    assert again.completed_at == moment("2026-09-21T15:00")
    assert Charge.objects.count() == 2


def test_the_channel_is_told_what_the_order_sold() -> None:
    order = complete(an_all_new_opening(), at=moment("2026-09-21T15:00"))

    facts = SaleFact.objects.filter(order_ref=order.code).values_list("item", "monthly_fen")

    assert set(facts) == {
        ("enhanced-A-136", 13600),
        (f"FIXED-STD {NEW_LINE}", 2500),
        (f"ADSL-2M {NEW_BROADBAND}", 12000),
        (f"M2G-BLOCK {NEW_PHONE}", 3600),
    }


def test_field_work_is_for_people_and_the_rest_for_the_platform() -> None:
    order = an_all_new_opening()

    manual = {name for name, each in names_of(order).items() if each.manual}

    assert manual == {f"install {NEW_LINE}", f"install {NEW_BROADBAND}"}


def test_the_members_own_business_goes_on_until_the_bundle_is_in_force() -> None:
    company = a_company()
    line, phone = a_subscription(company, "fixed"), a_subscription(company, "m2g")

    order = complete(accepted(an_opening(company, line, phone)), "change_plan")

    assert order.state == Order.State.IN_PROGRESS
    assert Subscription.objects.get(pk=line.pk).state == "active"
