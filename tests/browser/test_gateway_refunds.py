"""Online money goes back as it came; money of no order, and of a desk, finds its place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.gateways.configured import gateway
from billing.models import Account, GatewayOrder, GatewayRefund, Reason, UnidentifiedPayment
from billing.services import gateway_looks
from billing.services.gateway_strangers import hold_told
from bss.kernel import clock
from bss.kernel.periods import local_moment
from tests.browser.axe import faults
from tests.browser.conftest import shoot
from tests.browser.test_cash_desk import someone
from tests.builders.banks import a_movement, a_statement, taken_in
from tests.builders.billing import a_channel, a_customer, a_line, own_account
from tests.builders.by_hand import a_maker
from tests.builders.gateways import Customers, an_order, simulated_gateways
from tests.builders.till import a_shift, taken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = local_moment("2026-11-05T10:00")


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    with simulated_gateways(tmp_path_factory.mktemp("gateways")) as customers:
        yield customers


@pytest.fixture(autouse=True)
def gateways(simulator, settings):
    settings.GATEWAYS_DIR = str(simulator.directory)
    settings.BUSINESS_TIME = "2026-11-05T12:00"
    simulator.trouble()


@pytest.fixture
def account() -> Account:
    Reason.objects.get_or_create(purpose="refund", code="overpaid", words="多缴退款")
    return own_account(a_line(a_customer()))


def paid(account: Account, customers: Customers, fen: int, *, name: str, key: str) -> GatewayOrder:
    order = an_order(account, fen, name=name, key=key)
    customers.pay(order)
    return gateway_looks.look(order, gateway=gateway(name), at=AT, now=clock.real_now())


@pytest.mark.parametrize(("script", "scheme"), [(True, "light"), (False, "dark")])
def test_a_clerk_sends_money_back_the_way_it_came(
    sign_in: Callable[..., Page], account, simulator, script: bool, scheme: str
) -> None:
    paid(account, simulator, 100_00, name="wechat", key="w")
    order = paid(account, simulator, 88_00, name="alipay", key="a")
    desk = sign_in(staff=a_maker(), script=script, scheme=scheme)
    found = []
    desk.goto(f"/billing/qr/{order.number}")
    desk.get_by_role("link", name="原路退款").click()
    expect(desk.get_by_label("原路退回", exact=True)).to_be_checked()
    desk.get_by_label("退款金额").fill("30")
    desk.get_by_label("原因").select_option(label="多缴退款")
    found += faults(desk) if script else []
    shoot(desk, f"gateway-refund-new-{scheme}")
    desk.get_by_role("button", name="退款", exact=True).click()
    expect(desk.get_by_text("网关已原路退回。")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("付款时的支付宝帐户")
    found += faults(desk) if script else []
    shoot(desk, f"gateway-refund-{scheme}")

    simulator.trouble("", "short")
    desk.goto(f"/billing/qr/{order.number}")
    shoot(desk, f"gateway-refund-qr-{scheme}")
    desk.get_by_role("link", name="原路退款").click()
    desk.get_by_label("退款金额").fill("20")
    desk.get_by_label("原因").select_option(label="多缴退款")
    desk.get_by_role("button", name="退款", exact=True).click()
    expect(desk.locator("main")).to_contain_text("我方在网关的余额不足")
    shoot(desk, f"gateway-refund-short-{scheme}")
    desk.get_by_role("button", name="向网关查询").click()
    expect(desk.locator("main")).to_contain_text("已原路退回")
    states = GatewayRefund.objects.filter(order=order).values_list("amount_fen", "state")
    assert sorted(states) == [(20_00, "done"), (30_00, "done")]
    desk.goto("/billing/refunds/?means=gateway")
    shoot(desk, f"gateway-refund-list-{scheme}")
    assert found == []


def test_money_of_no_order_goes_back_and_a_desk_transfer_is_matched(
    sign_in: Callable[..., Page], account, simulator
) -> None:
    a_channel()
    simulator.create("alipay", "POS0017", 36_00)
    simulator.pay_number("alipay", "POS0017", at="2026-11-04T12:00:00+08:00")
    trade = gateway("alipay").query(number="POS0017")
    stranger = hold_told(gateway="alipay", trade=trade, at=AT)
    assert stranger is not None
    a_shift(a_maker())
    taken(account, a_maker(), 80_00, means="transfer", reference="A1")
    taken_in(a_statement(a_movement("B2", 80_00, remark=account.code)))

    page = sign_in(staff=someone("supervisor"))
    page.goto("/billing/unidentified/")
    found = faults(page)
    shoot(page, "unidentified-sources")
    page.get_by_role("link", name=stranger.trade_no).click()
    found += faults(page)
    shoot(page, "unidentified-gateway")
    page.get_by_label("退回依据").fill("查无此人")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("网关已原路退回。")).to_be_visible()
    shoot(page, "unidentified-gateway-back")

    page.goto("/billing/unidentified/?state=open")
    page.get_by_role("link", name="B2").click()
    found += faults(page)
    shoot(page, "unidentified-desk")
    page.locator("#desk").get_by_label("处理依据").fill("回单一致")
    page.get_by_role("button", name="就是这笔").click()
    expect(page.get_by_text("已对上柜台收款，没有重复入帐。")).to_be_visible()
    shoot(page, "unidentified-matched")
    states = set(UnidentifiedPayment.objects.values_list("source", "state"))
    assert states == {("alipay", "returned"), ("YZ", "cleared")}
    assert found == []
