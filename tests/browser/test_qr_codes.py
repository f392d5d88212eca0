"""A code at the desk: shown, paid at the gateway by the customer, booked, and its receipt."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import GatewayOrder, ReconciliationLine
from bss.kernel.periods import local_moment
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.browser.test_cash_desk import someone
from tests.builders.billing import a_customer, a_line, own_account
from tests.builders.gateways import a_gateway_day, simulated_gateways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    with simulated_gateways(tmp_path_factory.mktemp("gateways")) as customers:
        yield customers


@pytest.fixture(autouse=True)
def gateways(simulator, settings, live_server):
    settings.GATEWAYS_DIR = str(simulator.directory)
    settings.PUBLIC_URL = live_server.url
    settings.BUSINESS_TIME = "2026-11-05T10:00"


@pytest.mark.parametrize(
    ("script", "gateway", "scheme"), [(True, "支付宝", "light"), (False, "微信支付", "dark")]
)
def test_a_customer_pays_by_code_and_the_page_follows(
    sign_in: Callable[..., Page], script: bool, gateway: str, scheme: str
):
    account = own_account(a_line(a_customer()))
    desk = sign_in(staff=someone("clerk"), script=script, scheme=scheme)
    desk.goto(f"/billing/accounts/{account.code}")
    desk.get_by_role("link", name="扫码收款").click()
    desk.get_by_label("金额").fill("88.00")
    desk.get_by_label(gateway).check()
    desk.get_by_role("button", name="出示二维码").click()
    desk.wait_for_url("**/billing/qr/*")
    code = desk.get_by_role("img", name=f"{gateway}付款二维码，88.00 元")
    expect(code).to_be_visible()
    if script:  # axe needs it
        assert faults(desk) == []
    shoot(desk, f"qr-{scheme}")

    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="模拟客户付款").click()
    phone = opened.value
    phone.get_by_role("button", name="确认付款").click()
    expect(phone.get_by_text("付款成功")).to_be_visible()

    expect(desk.get_by_role("heading", name="已收到付款")).to_be_visible(timeout=15_000)
    shoot(desk, f"qr-paid-{scheme}")
    order = GatewayOrder.objects.get()
    assert (order.state, order.paid_fen, order.looks) == ("paid", 88_00, 0)
    desk.get_by_role("link", name="收据").click()
    expect(desk.get_by_text(order.trade_no)).to_be_visible()
    shoot(desk, f"qr-slip-{scheme}")


def test_a_difference_is_found_and_settled(sign_in: Callable[..., Page]):
    line = a_gateway_day(own_account(a_line(a_customer())), 1, at=local_moment("2026-11-05T09:00"))
    page = sign_in(staff=someone("supervisor"))
    page.goto("/billing/reconciliations/")
    assert faults(page) == []
    page.get_by_role("link", name=f"{line.reconciliation.day}").click()
    assert faults(page) == []
    shoot(page, "reconciliation")
    page.get_by_role("link", name=f"处理 {line.number}").click()
    assert faults(page) == []
    shoot(page, "reconciliation-line")
    page.get_by_role("button", name="补记 66.00 元").click()
    expect(page.get_by_text("已补记入帐")).to_be_visible()
    line.refresh_from_db()
    assert line.action == ReconciliationLine.Action.BOOKED
