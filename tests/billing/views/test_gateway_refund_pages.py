"""原路退回 on the pages: offered for online payments, decided by two, followed to its end."""

import pytest
from django.test import Client

from billing.gateways.configured import gateway
from billing.models import Account, GatewayOrder, GatewayRefund, Payment, Refund
from billing.services import gateway_looks
from billing.tasks.gateways import send_refunds
from bss.kernel import approvals, clock
from bss.kernel.models import Approval
from tests.billing.views.house import a_member_of_staff
from tests.builders.billing import a_customer, a_line, own_account
from tests.builders.by_hand import NOON, a_checker, a_reason
from tests.builders.gateways import Customers, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(customers: Customers) -> Account:
    return own_account(a_line(a_customer()))


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(a_member_of_staff("clerk"))
    return client


def paid(account: Account, customers: Customers, fen: int = 100_00) -> GatewayOrder:
    order = an_order(account, fen, name="wechat")
    customers.pay(order)
    return gateway_looks.look(order, gateway=gateway("wechat"), at=NOON, now=clock.real_now())


def form(order: GatewayOrder, amount: str) -> dict[str, str]:
    return {
        "amount": amount,
        "means": "gateway",
        "order": order.number,
        "reason": str(a_reason("refund", "overpaid")),
        "request_key": "k1",
    }


def asked(desk: Client, order: GatewayOrder, amount: str) -> Refund:
    address = f"/billing/accounts/{order.account.code}/refund"
    assert desk.post(address, form(order, amount)).status_code == 302
    return Refund.objects.get()


def test_it_is_offered_only_where_something_was_paid_online(desk, account, customers) -> None:
    address = f"/billing/accounts/{account.code}/refund"
    assert "原路退回" not in desk.get(address).text
    order = paid(account, customers)
    shown = desk.get(f"{address}?order={order.number}").text
    assert "微信支付 100.00 元，可退 100.00 元" in shown
    none = desk.post(address, form(order, "10") | {"order": ""})
    assert (none.status_code, "请选择这个帐户的一笔网上支付" in none.text) == (422, True)
    more = desk.post(address, form(order, "100.01"))
    assert (more.status_code, "可动用的现金只有 100.00 元" in more.text) == (422, True)


def test_the_page_says_where_it_stands_and_asks_again(desk, account, customers) -> None:
    customers.trouble()
    order = paid(account, customers)
    customers.trouble("", "short")
    made = asked(desk, order, "30")
    address = f"/billing/refunds/{made.pk}"
    assert "我方在网关的余额不足" in desk.get(address).text
    customers.trouble("busy")
    silent = desk.post(f"{address}/ask")
    assert (silent.status_code, "网关没有应答" in silent.text) == (422, True)
    done = desk.post(f"{address}/ask", follow=True).text
    assert "已原路退回" in done
    assert "付款时的微信支付帐户" in done
    listed = desk.get("/billing/refunds/?means=gateway").text
    assert made.code in listed
    assert made.code not in desk.get("/billing/refunds/?means=cash").text
    assert desk.get(f"{address}.pdf")["Content-Type"] == "application/pdf"


def test_who_gives_up_has_it_in_the_account_again(desk, account, customers) -> None:
    order = paid(account, customers)
    customers.trouble("", "short")
    made = asked(desk, order, "30")
    done = desk.post(f"/billing/refunds/{made.pk}/give-up", follow=True).text
    assert "经办人不再向网关退款" in done
    made.refresh_from_db()
    assert made.state == "returned"


def test_above_the_limit_a_second_person_decides_and_the_worker_sends(
    desk, account, customers
) -> None:
    order = paid(account, customers, 900_00)
    sent = desk.post(f"/billing/accounts/{account.code}/refund", form(order, "600"))
    assert sent.status_code == 302
    approval = Approval.objects.get()
    assert order.number in str(approval.shown)
    assert not GatewayRefund.objects.exists()
    approvals.decide(approval_id=approval.pk, decided_by_id=a_checker().pk, approve=True, at=NOON)
    assert send_refunds() == 1
    assert Refund.objects.get().state == "paid"


def test_a_reversal_leads_to_its_refund(page, account, customers) -> None:
    order = paid(account, customers)
    shown = page.get(f"/billing/accounts/{account.code}").text
    assert "款项由微信支付原路退回" in shown
    payment = Payment.objects.get(gateway_order=order)
    after = page.post(f"/billing/payments/{payment.pk}/reverse", follow=True)
    made = Refund.objects.get()
    assert after.redirect_chain == [(f"/billing/refunds/{made.pk}", 302)]
    assert (made.state, made.reason.words) == ("paid", "冲正收款")
