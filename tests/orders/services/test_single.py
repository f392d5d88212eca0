from datetime import date

import pytest

from billing.models import Account, Charge, PayRelation
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from customers.services import subscriptions
from orders.models import NumberResource, Order
from orders.services import resources, work_orders
from packages_wo.models import PlanChange, SubscriptionPlan, SubscriptionVas
from tests.builders.orders import (
    a_company,
    a_single,
    a_subscription,
    accepted,
    complete,
    moment,
)

pytestmark = pytest.mark.django_db

LATER = moment("2026-09-12T16:00")


def done(subscription: Subscription, type_: str, **given: object) -> Subscription:
    order = accepted(a_single(subscription, type_, **given))
    assert order.state == Order.State.ACCEPTED
    order = complete(order, at=LATER)
    assert order.state == Order.State.COMPLETED
    return Subscription.objects.get(pk=subscription.pk)


def charges() -> list[tuple[int, date]]:
    return list(Charge.objects.values_list("amount_fen", "month"))


def test_hold_and_resume_act_when_they_are_done() -> None:
    line = a_subscription(a_company(), "fixed")

    assert done(line, "hold").state == "on_hold"
    assert done(line, "resume").state == "active"
    assert charges() == []


def test_the_single_work_order_has_no_rule() -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "open_vas", vas="colour_ring"))

    work_order = order.work_orders.get()

    assert (work_order.type, work_order.product, work_order.rule) == ("open_vas", "colour_ring", "")


def test_only_who_is_on_hold_resumes_and_only_who_is_active_is_held() -> None:
    line = a_subscription(a_company(), "fixed")

    with pytest.raises(RefusedError) as refused:
        accepted(a_single(line, "resume"))
    assert refused.value.rules == ["CRD-6"]

    done(line, "hold")
    with pytest.raises(RefusedError) as refused:
        accepted(a_single(line, "hold"))
    assert refused.value.rules == ["CRD-6"]


def test_credit_is_looked_at_again_when_the_order_is_completed() -> None:
    line = a_subscription(a_company(), "fixed")
    order = accepted(a_single(line, "hold"))
    subscriptions.suspend(subscription_ids=[line.pk], reason="debt", at=moment("2026-09-11T01:00"))

    with pytest.raises(RefusedError) as refused:
        work_orders.complete(order_id=order.pk, at=LATER)

    assert refused.value.rules == ["CRD-6"]
    assert Order.objects.get(pk=order.pk).state == Order.State.ACCEPTED


def test_overdue_debt_of_the_payer_refuses_hold_and_debt_not_due_does_not_refuse_resume() -> None:
    line = a_subscription(a_company(), "fixed", arrears_fen=100)

    with pytest.raises(RefusedError) as refused:
        accepted(a_single(line, "hold"))

    assert refused.value.rules == ["CRD-6"]


def test_a_new_plan_waits_for_the_next_first() -> None:
    phone = a_subscription(a_company(), "m2g")

    done(phone, "change_plan", plan="M2G-BLOCK")

    change = PlanChange.objects.get()
    assert (change.plan, change.effective_on) == ("M2G-BLOCK", date(2026, 10, 1))
    assert SubscriptionPlan.objects.get(subscription=phone).plan == "M2G-STD"


def test_a_number_change_costs_its_fee_and_quarantines_the_old_number() -> None:
    phone = a_subscription(a_company(), "m2g")
    before = phone.number
    resources.add_numbers(service="m2g", area="010", numbers=[before, "13099990001"])

    assert done(phone, "change_number", number="13099990001").number == "13099990001"
    assert charges() == [(2000, date(2026, 9, 1))]
    assert dict(NumberResource.objects.values_list("number", "state")) == {
        before: NumberResource.State.QUARANTINED,
        "13099990001": NumberResource.State.IN_USE,
    }


def test_a_new_sim_costs_its_fee_and_changes_nothing_else() -> None:
    phone = a_subscription(a_company(), "m2g")

    assert done(phone, "replace_sim").number == phone.number
    assert charges() == [(2000, date(2026, 9, 1))]


def test_a_transfer_gives_the_new_owner_an_account_that_pays_from_that_moment() -> None:
    seller, buyer = a_company(), a_company(name="北京暮色广告有限公司")
    phone = a_subscription(seller, "m2g")
    old = Account.objects.get(subscription=phone)

    assert done(phone, "transfer", to_customer_id=buyer.pk).owner_id == buyer.pk
    new = Account.objects.get(subscription=phone, current=True)
    assert new.owner_id == buyer.pk
    assert Account.objects.get(pk=old.pk).owner_id == seller.pk
    relations = PayRelation.objects.filter(subscription=phone).order_by("valid_from")
    assert list(relations.values_list("account_id", "valid_until")) == [
        (old.pk, LATER),
        (new.pk, None),
    ]
    assert charges() == [(1000, date(2026, 9, 1))]


def test_products_open_and_close() -> None:
    phone = a_subscription(a_company(), "m2g")

    done(phone, "open_vas", vas="colour_ring")
    assert SubscriptionVas.objects.filter(valid_until__isnull=True).get().product == "colour_ring"

    done(phone, "close_vas", vas="colour_ring")
    assert not SubscriptionVas.objects.filter(valid_until__isnull=True).exists()


def test_a_termination_ends_the_subscription_and_leaves_the_payer_for_the_last_bill() -> None:
    phone = a_subscription(a_company(), "m2g")

    ended = done(phone, "terminate")

    assert (ended.state, ended.ended_at) == ("terminated", LATER)
    assert PayRelation.objects.get(subscription=phone).valid_until is None
