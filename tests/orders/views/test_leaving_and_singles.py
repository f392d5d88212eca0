"""Changing and cancelling a bundle in force, and the single-user business of one subscription."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from bss.kernel.periods import local_moment
from customers.models import Subscription
from orders.models import Order
from orders.rules.requests import SINGLE_USER_TYPES
from packages_wo.models import Bundle, BundleChange
from packages_wo.services import month_start
from tests.builders.orders import (
    a_company,
    a_single,
    a_subscription,
    accepted,
    an_opening,
    complete,
)
from tests.orders.views.people import a_member_of_staff, a_stocked_pool, managed_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_time(settings):
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def page(client):
    client.force_login(a_member_of_staff())
    return client


@pytest.fixture
def in_force():
    """Basic B 106 in force from October: a line, a 2G, a 3G; and a 2G outside."""
    company = a_company()
    members = [a_subscription(company, service) for service in ("fixed", "m2g", "m3g")]
    order = accepted(an_opening(company, *members, scheme="B"))
    complete(order, at=local_moment("2026-09-12T16:00"))
    month_start.apply_due(on=date(2026, 10, 1))
    return Bundle.objects.get(), members, a_subscription(company, "m2g")


def begun_change(page, bundle):
    response = page.post(f"/orders/change?bundle={bundle.code}")
    return re.search(r"draft=(\w+)", response["Location"])[1]


def send(page, key, step, posted):
    return page.post(f"/orders/change?draft={key}&step={step}", posted)


def test_a_change_begins_with_what_is_in_force(page, in_force):
    bundle, members, _outside = in_force
    start = page.get(f"/orders/change?bundle={bundle.code}").content.decode()
    assert "沃·商务基础版 B · 106 元档" in start
    key = begun_change(page, bundle)
    text = page.get(f"/orders/change?draft={key}&step=product").content.decode()
    assert 'value="basic-B-106" checked' in text
    assert "basic-A-106" not in text
    text = page.get(f"/orders/change?draft={key}&step=members").content.decode()
    for member in members:
        assert re.search(rf'value="{member.pk}"[^>]* checked', text)


def test_removing_the_3g_member_makes_it_scheme_a(page, in_force):
    bundle, (line, mobile, _m3g), outside = in_force
    key = begun_change(page, bundle)
    send(page, key, "product", {"choice": "basic-B-206"})
    kept = [str(line.pk), str(mobile.pk)]
    send(page, key, "members", {"members": kept, "action": "next"})
    send(page, key, "packs", {f"terminal_{outside.pk}": "TERM-SHARE"})
    response = page.get(f"/orders/change?draft={key}&step=preview")
    found = response.context["preview"]
    assert response.status_code == 200, response.context["refusals"]
    assert found.price.falls_to_a
    assert found.price.fee_fen == 20600
    assert "CHG-7" in response.content.decode()
    send(page, key, "preview", {})
    change = BundleChange.objects.get(kind="change")
    assert (change.scheme, change.tier, change.base) == ("A", 206, [line.pk, mobile.pk])
    assert change.packs == [{"pack": "TERM-SHARE", "terminal": outside.pk}]
    again = begun_change(page, bundle)
    text = page.get(f"/orders/change?draft={again}&step=product").content.decode()
    assert 'value="basic-A-206" checked' in text


def test_a_bundle_not_in_force_is_not_changed_or_cancelled(page):
    company = a_company()
    members = [a_subscription(company, service) for service in ("fixed", "m2g")]
    accepted(an_opening(company, *members))
    bundle = Bundle.objects.get()
    for business in ("change", "cancel"):
        text = page.get(f"/orders/{business}?bundle={bundle.code}").content.decode()
        assert "融合套餐未在生效中" in text


def test_the_cancellation_says_what_becomes_of_each_member(page, in_force):
    bundle, (line, mobile, m3g), _outside = in_force
    response = page.get(f"/orders/cancel?bundle={bundle.code}")
    rows = {row.number: row for row in response.context["rows"]}
    assert rows[line.number].now == "沃·商务基础版 B 106"
    assert rows[line.number].field.html_name == f"plan_{line.pk}"
    assert rows[m3g.number].field is None
    assert rows[m3g.number].own_plan == "3G 96 元"
    assert rows[mobile.number].merged


def test_a_cancellation_without_a_plan_is_refused_and_with_all_is_accepted(page, in_force):
    bundle, (line, mobile, _m3g), _outside = in_force
    address = f"/orders/cancel?bundle={bundle.code}"
    posted = {"documents_seen": "on", f"plan_{line.pk}": "FIXED-STD", "action": "preview"}
    refused = page.post(address, posted)
    assert refused.status_code == 422
    assert [one.rule for one in refused.context["refusals"]] == ["CAN-4"]
    posted[f"plan_{mobile.pk}"] = "M2G-BLOCK"
    shown = page.post(address, posted)
    assert shown.status_code == 200
    assert f"{shown.context['preview'].effective_on}" == "2026-11-01"
    assert Order.objects.filter(type="cancel_bundle").count() == 0
    for _twice in range(2):
        page.post(address, posted | {"action": "submit", "request_key": "k1"})
    order = Order.objects.get(type="cancel_bundle")
    change = BundleChange.objects.get(kind="cancel")
    assert change.new_plans == {str(line.pk): "FIXED-STD", str(mobile.pk): "M2G-BLOCK"}
    assert order.form_key == "k1"
    paper = PdfReader(BytesIO(page.get(f"/orders/{order.code}/acceptance.pdf").content))
    text = "".join(sheet.extract_text() for sheet in paper.pages)
    assert "解除后的套餐" in text
    assert f"{mobile.number}2G模块36元" in re.sub(r"\s", "", text)


def test_papers_must_have_been_seen(page, in_force):
    bundle, _members, outside = in_force
    for address in (
        f"/orders/cancel?bundle={bundle.code}",
        f"/orders/single/hold?subscription={outside.pk}",
    ):
        response = page.post(address, {"action": "preview"})
        assert response.status_code == 422
        assert 'href="#id_documents_seen"' in response.content.decode()


@pytest.mark.parametrize("type_", SINGLE_USER_TYPES)
def test_every_single_user_business_has_its_form(page, type_):
    line = a_subscription(a_company(), "m2g", vas=("caller_id",))
    response = page.get(f"/orders/single/{type_}?subscription={line.pk}")
    assert response.status_code == 200
    assert Order.Type(type_).label in response.content.decode()


@pytest.mark.parametrize(
    ("type_", "given", "effect"),
    [
        ("hold", {}, None),
        ("change_plan", {"plan": "M2G-BLOCK"}, "2026-11-01"),
        ("replace_sim", {}, None),
        ("open_vas", {"vas": "colour_ring"}, None),
        ("close_vas", {"vas": "caller_id"}, None),
        ("terminate", {}, None),
    ],
)
def test_single_user_business_is_shown_then_done(page, type_, given, effect):
    mobile = a_subscription(a_company(), "m2g", vas=("caller_id",))
    address = f"/orders/single/{type_}?subscription={mobile.pk}"
    posted = {"documents_seen": "on", **given}
    shown = page.post(address, posted | {"action": "preview"})
    assert shown.status_code == 200, shown.content.decode()
    found = shown.context["preview"].effective_on
    assert (f"{found}" if found else None) == effect
    assert Order.objects.count() == 0
    sent = page.post(address, posted | {"action": "submit", "request_key": "k"})
    order = Order.objects.get()
    assert sent["Location"] == f"/orders/{order.code}"
    assert (order.type, order.subscription) == (type_, mobile)


def test_a_resumed_subscription_was_on_hold(page):
    mobile = a_subscription(a_company(), "m2g")
    address = f"/orders/single/resume?subscription={mobile.pk}"
    posted = {"documents_seen": "on", "action": "submit"}
    refused = page.post(address, posted)
    assert refused.status_code == 422
    assert [one.rule for one in refused.context["refusals"]] == ["CRD-6"]
    complete(accepted(a_single(mobile, "hold")))
    assert page.post(address, posted).status_code == 302


def test_a_number_is_changed_for_one_of_the_pool(page):
    pool = a_stocked_pool()
    mobile = a_subscription(a_company(), "m2g")
    address = f"/orders/single/change_number?subscription={mobile.pk}"
    chosen = pool["m2g"][2]
    found = page.post(address, {"ending": chosen[-4:], "action": "find"}).content.decode()
    assert f'value="{chosen}"' in found
    assert pool["m2g"][0] not in found
    posted = {"documents_seen": "on", "number": chosen, "action": "submit"}
    assert page.post(address, posted).status_code == 302
    complete(Order.objects.get())
    assert Subscription.objects.get(pk=mobile.pk).number == chosen


def test_a_transfer_names_its_new_owner(page):
    mobile = a_subscription(a_company(), "m2g")
    other = a_company(name="北京远山贸易有限公司")
    address = f"/orders/single/transfer?subscription={mobile.pk}"
    posted = {"documents_seen": "on", "action": "submit"}
    unknown = page.post(address, posted | {"to": "C-NOBODY"})
    assert unknown.status_code == 422
    assert "没有这个编号的客户" in unknown.content.decode()
    assert page.post(address, posted | {"to": other.code}).status_code == 302
    complete(Order.objects.get())
    assert Subscription.objects.get(pk=mobile.pk).owner == other


def test_a_member_of_a_bundle_in_force_may_not_leave_by_itself(page, in_force):
    _bundle, (_line, _mobile, m3g), _outside = in_force
    address = f"/orders/single/terminate?subscription={m3g.pk}"
    refused = page.post(address, {"documents_seen": "on", "action": "preview"})
    assert refused.status_code == 422
    assert [one.rule for one in refused.context["refusals"]] == ["CAN-5"]


def test_outside_of_ones_customers_there_is_nothing(client, in_force):
    bundle, (line, *_rest), _outside = in_force
    manager = a_member_of_staff("manager", "account_manager")
    client.force_login(manager)
    addresses = [
        f"/orders/change?bundle={bundle.code}",
        f"/orders/cancel?bundle={bundle.code}",
        f"/orders/single/hold?subscription={line.pk}",
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    managed_by(bundle.customer, manager)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    client.force_login(a_member_of_staff("agent", "agent"))
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]


def test_there_is_no_other_business(page):
    line = a_subscription(a_company(), "m2g")
    assert page.get(f"/orders/single/open_bundle?subscription={line.pk}").status_code == 404
    assert page.get("/orders/single/hold?subscription=x").status_code == 404
