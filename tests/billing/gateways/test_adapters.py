"""Both adapters against the simulator: the same words for two signed protocols."""

from datetime import timedelta

import pytest

from billing.gateways.configured import gateway, offered, simulated
from billing.gateways.credentials import WechatCredentials
from billing.gateways.protocol import (
    ForgedError,
    GatewayAdapter,
    NoAnswerError,
    NoStatementError,
    SaidNoError,
    TradeState,
)
from billing.models import GatewayOrder
from bss.kernel import clock
from bss.kernel.periods import BUSINESS_ZONE
from tests.builders.gateways import NOWHERE, Customers

NUMBERS = iter(range(10**6))


@pytest.fixture(params=["alipay", "wechat"])
def adapter(request: pytest.FixtureRequest, customers: Customers) -> GatewayAdapter:
    return gateway(request.param)


def a_code(adapter: GatewayAdapter, *, amount_fen: int = 12_34) -> GatewayOrder:
    """A registered order; it is never saved."""
    number = f"WO{clock.real_now():%H%M%S%f}{next(NUMBERS)}"
    expires_at = clock.real_now() + timedelta(minutes=5)
    code_url = adapter.create(
        number=number,
        amount_fen=amount_fen,
        subject="通信费缴费",
        expires_at=expires_at,
        notify_url=NOWHERE,
    )
    return GatewayOrder(
        gateway=adapter.name, number=number, amount_fen=amount_fen, code_url=code_url
    )


def test_both_gateways_are_offered_and_known_as_simulated(customers: Customers) -> None:
    assert offered() == ["alipay", "wechat"]
    assert [simulated("alipay"), simulated("wechat")] == [True, True]


def test_without_credentials_nothing_is_offered(settings, tmp_path) -> None:
    settings.GATEWAYS_DIR = str(tmp_path)
    assert offered() == []
    with pytest.raises(NoAnswerError):
        gateway("alipay")


def test_credentials_that_are_not_whole_say_what_they_lack(tmp_path) -> None:
    file = tmp_path / "wechat.json"
    file.write_text('{"url": "u", "app_id": "a", "private_key": "p", "public_key": "q"}')
    with pytest.raises(ValueError, match="lacks api_key, mch_id, public_key_id, serial"):
        WechatCredentials.read(file)


def test_an_order_waits_until_it_is_paid(adapter: GatewayAdapter, customers: Customers) -> None:
    order = a_code(adapter)
    assert order.code_url.startswith("http")
    assert adapter.query(number=order.number).state is TradeState.WAITING

    told = customers.pay(order)

    trade = adapter.query(number=order.number)
    assert (trade.state, trade.amount_fen) == (TradeState.PAID, 12_34)
    assert trade.trade_no == told["trade_no"]
    assert abs(clock.real_now() - trade.paid_at) < timedelta(minutes=1)


def test_the_same_order_again_has_the_same_code(adapter: GatewayAdapter) -> None:
    order = a_code(adapter)
    again = adapter.create(
        number=order.number,
        amount_fen=12_34,
        subject="通信费缴费",
        expires_at=clock.real_now() + timedelta(minutes=5),
        notify_url=NOWHERE,
    )
    assert again == order.code_url


def test_an_order_that_nobody_knows_is_missing(adapter: GatewayAdapter) -> None:
    assert adapter.query(number="WO0").state is TradeState.MISSING
    adapter.close(number="WO0")


def test_what_is_closed_says_so_and_what_is_paid_cannot_be_closed(
    adapter: GatewayAdapter, customers: Customers
) -> None:
    closed, paid = a_code(adapter), a_code(adapter)
    adapter.close(number=closed.number)
    assert adapter.query(number=closed.number).state is TradeState.CLOSED
    customers.pay(paid)
    with pytest.raises(SaidNoError):
        adapter.close(number=paid.number)


def test_a_refund_is_once_per_its_number(adapter: GatewayAdapter, customers: Customers) -> None:
    order = a_code(adapter)
    yesterday = clock.real_now().astimezone(BUSINESS_ZONE) - timedelta(days=40)
    customers.pay(order, at=yesterday.replace(microsecond=0).isoformat())
    for _ in range(2):
        adapter.refund(
            number=order.number,
            refund_number=f"R{order.number}",
            amount_fen=2_34,
            total_fen=12_34,
            reason="多缴退回",
        )
    assert adapter.query(number=order.number).state is TradeState.PAID


@pytest.mark.parametrize("trouble", ["cut", "forge", "busy"])
def test_an_answer_that_cannot_be_believed_is_no_answer(
    adapter: GatewayAdapter, customers: Customers, trouble: str
) -> None:
    order = a_code(adapter)
    customers.trouble(trouble)
    with pytest.raises(NoAnswerError):
        adapter.query(number=order.number)
    assert adapter.query(number=order.number).state is TradeState.WAITING


def test_a_notification_says_what_the_gateway_says(
    adapter: GatewayAdapter, customers: Customers
) -> None:
    order = a_code(adapter)
    customers.pay(order)
    headers, body = customers.notice(order)
    heard = adapter.read_notice(headers=headers, body=body, now=clock.real_now())
    assert heard == adapter.query(number=order.number)


def test_a_forged_notification_is_not_heard(adapter: GatewayAdapter, customers: Customers) -> None:
    order = a_code(adapter)
    customers.pay(order)
    headers, body = customers.notice(order, forge=True)
    with pytest.raises(ForgedError):
        adapter.read_notice(headers=headers, body=body, now=clock.real_now())


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff\xfe", b"sign=x&sign_type=MD5", b"sign=%F0", b"[1]", b'{"a": ']
)
def test_rubbish_is_forged(adapter: GatewayAdapter, body: bytes) -> None:
    with pytest.raises(ForgedError):
        adapter.read_notice(headers={}, body=body, now=clock.real_now())


def test_a_notification_for_another_merchant_is_forged(customers: Customers) -> None:
    for name, changes in (("alipay", {"app_id": "2021"}), ("wechat", {"mchid": "16"})):
        adapter = gateway(name)
        order = a_code(adapter)
        headers, body = customers.notice(order, changes=changes)
        with pytest.raises(ForgedError, match="another merchant"):
            adapter.read_notice(headers=headers, body=body, now=clock.real_now())


def test_wechat_is_not_heard_an_hour_later(customers: Customers) -> None:
    adapter = gateway("wechat")
    headers, body = customers.notice(a_code(adapter), stale=True)
    with pytest.raises(ForgedError, match="not of now"):
        adapter.read_notice(headers=headers, body=body, now=clock.real_now())


def test_there_is_no_statement_of_today(adapter: GatewayAdapter) -> None:
    today = clock.real_now().astimezone(BUSINESS_ZONE).date()
    with pytest.raises(NoStatementError):
        adapter.fetch_statement(day=today)
