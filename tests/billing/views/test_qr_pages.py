"""A code at the desk, and the open door for the gateways' notifications."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from billing.models import GatewayNotice, GatewayOrder, Payment
from bss.kernel import clock
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_customer, a_line, own_account, public_of
from tests.builders.gateways import Customers, an_order

pytestmark = pytest.mark.django_db
State = GatewayOrder.State


@pytest.fixture
def account(customers):
    return own_account(a_line(a_customer()))


@pytest.fixture
def desk(client):
    """The clerk's browser."""
    client.force_login(a_member_of_staff("clerk"))
    return client


@pytest.fixture
def stranger():
    """Who knocks at the open door: nobody who signs in, and without a form's token."""
    return Client(enforce_csrf_checks=True)


def asking(account, **more):
    form = {"amount": "88.00", "gateway": "alipay", "request_key": "k1", **more}
    return f"/billing/accounts/{account.code}/qr", form


def knock(door: Client, name: str, notice):
    headers, body = notice
    kind = headers["Content-Type"]
    rest = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()}
    rest.pop("HTTP_CONTENT_TYPE")
    return door.post(f"/billing/gateways/{name}/notice", data=body, content_type=kind, **rest)


def test_the_form_offers_what_is_due_and_both_gateways(desk, account):
    page = desk.get(f"/billing/accounts/{account.code}/qr").text
    assert "支付宝" in page
    assert "微信支付" in page


def test_without_a_gateway_the_page_says_so(desk, account, settings):
    settings.GATEWAYS_DIR = "/nonexistent"
    assert "没有接通任何支付网关" in desk.get(f"/billing/accounts/{account.code}/qr").text


def test_a_code_is_shown_once_per_form(desk, account):
    address, form = asking(account)
    shown = desk.post(address, form)
    assert desk.post(address, form).url == shown.url
    order = GatewayOrder.objects.get()
    assert (order.amount_fen, order.gateway, order.asked_by.username) == (88_00, "alipay", "clerk")
    page = desk.get(shown.url).text
    assert "data:image/svg+xml;base64," in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "88.00" in page


@pytest.mark.parametrize(
    "more", [{"amount": "0"}, {"amount": "-1"}, {"amount": "50000.01"}, {"gateway": "paypal"}]
)
def test_what_cannot_be_asked_for_is_refused(desk, account, more):
    address, form = asking(account, **more)
    assert desk.post(address, form).status_code == 422
    assert not GatewayOrder.objects.exists()


def test_the_same_form_with_another_amount_is_refused(desk, account):
    address, form = asking(account)
    desk.post(address, form)
    again = desk.post(address, form | {"amount": "99.00"})
    assert again.status_code == 422
    assert "PAY-1" in again.text


def test_a_page_in_waiting_reads_and_writes_nothing(desk, account, customers: Customers):
    order = an_order(account)
    customers.pay(order)
    desk.get(f"/billing/qr/{order.number}")
    order.refresh_from_db()
    assert order.state == State.OPEN


def test_the_button_asks_the_gateway(desk, account, customers: Customers):
    order = an_order(account)
    address = f"/billing/qr/{order.number}"
    assert "还没有付款" in desk.post(f"{address}/look", follow=True).text
    customers.pay(order)
    assert "已收到付款" in desk.post(f"{address}/look", follow=True).text
    assert public_of(account).cash_fen == 100_00
    slip = desk.get(f"{address}/slip").text
    assert order.number in slip
    assert "100.00" in slip


def test_a_gateway_that_is_silent_changes_nothing_and_is_said(desk, account, customers: Customers):
    order = an_order(account)
    for what in ("look", "close"):
        customers.trouble("cut")
        silent = desk.post(f"/billing/qr/{order.number}/{what}")
        assert silent.status_code == 422
        assert "网关没有应答" in silent.text
    order.refresh_from_db()
    assert order.state == State.OPEN


def test_a_code_that_was_not_given_is_fetched_again(desk, account, customers: Customers):
    address, form = asking(account)
    customers.trouble("busy")
    shown = desk.post(address, form)
    assert "还没有二维码" in desk.get(shown.url).text
    assert "data:image/svg" in desk.post(f"{shown.url}/look", follow=True).text


def test_the_desk_closes_a_code_that_nobody_pays(desk, account):
    order = an_order(account)
    page = desk.post(f"/billing/qr/{order.number}/close", follow=True).text
    assert "二维码已作废" in page
    assert desk.get(f"/billing/qr/{order.number}/slip").status_code == 404


def test_an_expired_code_is_not_shown(desk, account):
    order = an_order(account)
    GatewayOrder.objects.update(expires_at=clock.real_now() - timedelta(minutes=1))
    page = desk.get(f"/billing/qr/{order.number}").text
    assert "二维码已过期" in page
    assert "data:image/svg" not in page


def test_another_amount_is_accepted_by_who_may(desk, account, customers: Customers):
    order = an_order(account)
    customers.pay(order, amount_fen=60_00)
    address = f"/billing/qr/{order.number}"
    page = desk.post(f"{address}/look", follow=True).text
    assert "网关收了 60.00 元，订单是 100.00 元" in page
    assert desk.post(f"{address}/accept").status_code == 403
    chief = Client()
    chief.force_login(a_member_of_staff("supervisor"))
    assert "已按实收金额入帐" in chief.post(f"{address}/accept", follow=True).text
    assert Payment.objects.get(means="alipay").amount_fen == 60_00
    assert chief.post(f"{address}/accept").status_code == 422


def test_the_list_finds_orders_by_number_state_and_gateway(desk, account):
    first, second = an_order(account), an_order(account, name="wechat", key="qr-2")
    for query, found, missed in (
        (f"q={first.number}", first, second),
        ("gateway=wechat", second, first),
        (f"state=open&q={second.number}", second, first),
    ):
        page = desk.get(f"/billing/qr/?{query}").text
        assert found.number in page
        assert missed.number not in page
    assert first.number not in desk.get("/billing/qr/?since=2026-11-06").text


# The open door


@pytest.mark.parametrize("name", ["alipay", "wechat"])
def test_a_signed_notification_books_without_a_sign_in(
    stranger, account, customers: Customers, name
):
    order = an_order(account, name=name)
    customers.pay(order)
    answer = knock(stranger, name, customers.notice(order))
    expected = (200, b"success") if name == "alipay" else (204, b"")
    assert (answer.status_code, answer.content) == expected
    order.refresh_from_db()
    assert order.state == State.PAID


@pytest.mark.parametrize(("name", "status"), [("alipay", 200), ("wechat", 500)])
def test_a_forged_notification_is_asked_for_again_and_books_nothing(
    stranger, account, customers: Customers, name, status
):
    order = an_order(account, name=name)
    customers.pay(order)
    answer = knock(stranger, name, customers.notice(order, forge=True))
    assert answer.status_code == status
    assert answer.content != b"success"
    assert not Payment.objects.filter(means=name).exists()
    assert GatewayNotice.objects.get().verdict == "forged"


def test_the_door_is_shut_to_readers_large_bodies_and_unknown_gateways(stranger, customers):
    address = "/billing/gateways/alipay/notice"
    assert stranger.get(address).status_code == 405
    assert stranger.post("/billing/gateways/paypal/notice").status_code == 404
    large = stranger.post(address, data=b"x" * 70_000, content_type="text/plain")
    assert large.status_code == 413
    assert not GatewayNotice.objects.exists()


def test_who_knocks_too_often_waits(stranger, customers, settings):
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "notice": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    cache.clear()
    statuses = [
        stranger.post("/billing/gateways/alipay/notice", data=b"a=b", content_type="text/plain")
        for _ in range(3)
    ]
    assert [one.status_code for one in statuses] == [200, 200, 429]
    assert int(statuses[2]["Retry-After"]) >= 1
