import pytest

from billing.models import Account, BundleAccount
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from orders.models import Order, WorkOrder
from packages_wo.models import Bundle
from tests.builders.orders import (
    NOON,
    a_company,
    a_new,
    a_single,
    a_subscription,
    accepted,
    an_opening,
    moment,
    names_of,
)

pytestmark = pytest.mark.django_db


def test_an_opening_is_taken_with_its_work_orders_and_nothing_has_happened_yet() -> None:
    company = a_company()
    line, phone = a_subscription(company, "fixed"), a_subscription(company, "m2g")

    order = accepted(an_opening(company, line, phone))

    assert order.state == Order.State.ACCEPTED
    assert order.bundle is not None
    assert order.bundle.state == Bundle.State.PENDING
    assert list(names_of(order)) == [
        f"change_plan {line.number}",
        f"open_vas {line.number} caller_id",
        f"enable_ldd {line.number}",
        f"join_vpn {line.number}",
        f"merge_account {line.number}",
        f"change_plan {phone.number}",
        f"open_vas {phone.number} caller_id",
        f"enable_ldd {phone.number}",
        f"join_vpn {phone.number}",
        f"merge_account {phone.number}",
    ]
    assert {each.state for each in order.work_orders.all()} == {WorkOrder.State.READY}
    paying = BundleAccount.objects.get(bundle=order.bundle).account
    assert (paying.kind, paying.name, paying.owner) == (Account.Kind.UNIFIED, "统一帐户", company)


def test_every_rule_refuses_at_once_and_nothing_remains() -> None:
    company, other = a_company(), a_company(name="北京暮色广告有限公司")
    line = a_subscription(other, "fixed", arrears_fen=1200)
    phone = a_subscription(company, "m2g", plan="M2G-PROMO")
    request = an_opening(company, line, phone, "b1", new=(a_new("b1", "broadband"),), documents=())
    before = Subscription.objects.count(), Account.objects.count()

    with pytest.raises(RefusedError) as refused:
        accepted(request)

    assert refused.value.rules == ["ELG-1", "ELG-3", "ELG-4", "ELG-8", "ELG-9"]
    assert (Subscription.objects.count(), Account.objects.count()) == before
    assert not Order.objects.exists()
    assert not Bundle.objects.exists()


def test_an_order_without_a_source_is_refused() -> None:
    company = a_company()
    line = a_subscription(company, "fixed")
    from orders.services import acceptance

    with pytest.raises(RefusedError) as refused:
        acceptance.accept(request=a_single(line, "hold"), at=NOON, channel_id=None)

    assert refused.value.rules == ["S85-2"]


def test_the_same_form_twice_makes_one_order() -> None:
    company = a_company()
    line, phone = a_subscription(company, "fixed"), a_subscription(company, "m2g")
    request = an_opening(company, line, phone)

    first = accepted(request, form_key="k1")
    second = accepted(request, form_key="k1")

    assert first.pk == second.pk
    assert Order.objects.count() == 1


def test_a_unified_account_in_use_is_named_again() -> None:
    company = a_company()
    members = [a_subscription(company, kind) for kind in ("fixed", "m2g", "fixed", "m2g")]
    first = accepted(an_opening(company, *members[:2]))
    second = accepted(an_opening(company, *members[2:]))

    accounts = {order.bundle.paying.account_id for order in (first, second) if order.bundle}
    assert len(accounts) == 1


def test_what_would_move_the_effect_is_refused_while_the_bundle_is_pending() -> None:
    company = a_company()
    line, phone = a_subscription(company, "fixed"), a_subscription(company, "m2g")
    accepted(an_opening(company, line, phone))

    for type_, given in (
        ("change_plan", {"plan": "M2G-BLOCK"}),
        ("change_number", {"number": "13099990000"}),
        ("terminate", {}),
    ):
        with pytest.raises(RefusedError) as refused:
            accepted(a_single(phone, type_, **given))
        assert refused.value.rules == ["EFF-3"]


def test_termination_needs_a_settled_payer() -> None:
    line = a_subscription(a_company(), "fixed", arrears_fen=100)

    with pytest.raises(RefusedError) as refused:
        accepted(a_single(line, "terminate"), at=moment("2026-09-10T12:00"))

    assert refused.value.rules == ["CAN-9"]


def test_who_has_not_consented_does_not_join() -> None:
    company, person = a_company(), a_company(name="北京暮色广告有限公司")
    line, phone = a_subscription(company, "fixed"), a_subscription(person, "m2g")

    with pytest.raises(RefusedError) as refused:
        accepted(an_opening(company, line, phone, consents=()))
    assert refused.value.rules == ["ELG-2"]

    order = accepted(an_opening(company, line, phone, consents=(phone.pk,)))
    assert order.request["consents"] == [phone.pk]
