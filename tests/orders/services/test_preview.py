from datetime import date

import pytest

from bss.kernel.models import OutboxEvent
from customers.models import Subscription
from orders.models import Order
from orders.services.acceptance import preview
from tests.builders.orders import (
    NOON,
    a_company,
    a_new,
    a_single,
    a_source,
    a_subscription,
    an_opening,
)

pytestmark = pytest.mark.django_db


def test_a_preview_shows_everything_and_leaves_nothing() -> None:
    company = a_company()
    mobile = a_subscription(company, "m3g")
    request = an_opening(
        company, "f1", mobile, scheme="B", new=(a_new("f1", "fixed", number="01062009001"),)
    )
    channel = a_source()
    before = Subscription.objects.count(), OutboxEvent.objects.count()

    seen = preview(request=request, at=NOON, channel_id=channel.pk)

    assert not seen.refused
    assert [
        (each.place, each.type, each.number, each.rule, each.manual, each.after)
        for each in seen.work_orders[:3]
    ] == [
        (1, "reserve_resource", "01062009001", "PAR-5", False, ()),
        (2, "install", "01062009001", "PAR-5", True, (1,)),
        (3, "open_vas", "01062009001", "PAR-3", False, (2,)),
    ]
    assert [(fee.number, fee.item, fee.amount_fen) for fee in seen.fees] == [
        ("01062009001", "ONE_OFF_FEE", 5800)
    ]
    assert seen.effective_on == date(2026, 10, 1)
    assert [(fee.number, fee.item, fee.amount_fen) for fee in seen.first_bill] == [
        ("01062009001", "BUNDLE_FEE", 9540),
        (mobile.number, "PLAN_FEE", 9600),
    ]
    assert seen.first_bill_fen == 19140
    assert seen.price is not None
    assert (seen.price.fee_fen, seen.price.fee_a_fen) == (9540, 10600)
    assert not seen.price.falls_to_a
    assert (Subscription.objects.count(), OutboxEvent.objects.count()) == before
    assert not Order.objects.exists()


def test_a_refused_preview_shows_every_rule_and_nothing_else() -> None:
    company = a_company()
    phone = a_subscription(company, "m2g", plan="M2G-PROMO", arrears_fen=1)

    seen = preview(request=an_opening(company, phone), at=NOON, channel_id=a_source().pk)

    assert [refusal.rule for refusal in seen.refusals] == ["ELG-4", "ELG-8", "ELG-9"]
    assert seen.work_orders == ()


def test_single_user_business_shows_its_fee_and_acts_at_once() -> None:
    phone = a_subscription(a_company(), "m2g")

    seen = preview(request=a_single(phone, "replace_sim"), at=NOON, channel_id=a_source().pk)

    assert (seen.fees_fen, seen.effective_on) == (2000, None)
