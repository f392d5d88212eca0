"""Money that goes back the way it came: on record first, sent once, followed to its end."""

from datetime import timedelta

import pytest

from billing.gateways.configured import gateway
from billing.gateways.protocol import NoAnswerError, ReturnState
from billing.models import Account, GatewayOrder, GatewayRefund, Refund
from billing.queries.house import house_balances
from billing.services import gateway_looks, gateway_returns
from billing.services.gateway_refunds import refundable_orders
from billing.services.payments import reverse
from billing.services.refund_transfers import return_refund, settle_refund
from billing.services.refunds import Payee, refund
from billing.tasks.gateways import send_refunds
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, Notice
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import a_bill, a_customer, a_line, own_account, public_of
from tests.builders.by_hand import NOON, a_checker, a_maker, a_reason, an_approval
from tests.builders.gateways import Customers, an_order
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("name", ["alipay", "wechat"])


@pytest.fixture
def account(customers: Customers) -> Account:
    return own_account(a_line(a_customer()))


def paid(
    account: Account, customers: Customers, fen: int = 100_00, *, name: str = "alipay", key="qr-1"
) -> GatewayOrder:
    order = an_order(account, fen, name=name, key=key)
    customers.pay(order)
    return gateway_looks.look(order, gateway=gateway(name), at=NOON, now=clock.real_now())


def asked_back(order: GatewayOrder, fen: int, key: str = "r1", **more) -> GatewayRefund:
    made = refund(
        account_id=order.account_id,
        amount_fen=fen,
        means="gateway",
        reason_id=a_reason("refund", "overpaid"),
        payee=Payee(),
        key=key,
        at=NOON,
        by_id=a_maker().pk,
        order_number=order.number,
        **more,
    )
    return made.at_gateway


def sent(back: GatewayRefund) -> GatewayRefund:
    return gateway_returns.send(back, gateway=gateway(back.gateway), at=NOON, now=clock.real_now())


@both
def test_money_goes_back_the_way_it_came_and_leaves_what_the_gateway_holds(
    account, customers, name: str
) -> None:
    back = asked_back(paid(account, customers, name=name), 30_00)
    assert house_balances() == {f"clearing:{name}": -100_00, "refund_payable": 30_00}
    back = sent(back)

    assert (back.state, back.refund.state) == ("done", "paid")
    assert back.done_at is not None
    assert public_of(account).cash_fen == 70_00
    assert house_balances() == {f"clearing:{name}": -70_00, "refund_payable": 0}
    assert sent(back).state == "done"
    assert house_balances()[f"clearing:{name}"] == -70_00
    acts = AuditEntry.objects.filter(kind="act", action__startswith="gateway_refund")
    assert acts.get().detail["number"] == back.number


def test_parts_go_back_up_to_what_was_paid_online(account, customers) -> None:
    order, other = paid(account, customers), paid(account, customers, 50_00, key="qr-2")
    asked_back(order, 60_00)
    with pytest.raises(RefusedError) as refused:
        asked_back(order, 40_01, "r2")
    assert "还可原路退回 40.00 元，不够 40.01 元" in str(refused.value)
    asked_back(order, 40_00, "r3")
    assert refundable_orders(account) == [(other, 50_00)]


def test_the_same_key_asks_once(account, customers) -> None:
    order = paid(account, customers)
    assert asked_back(order, 10_00) == asked_back(order, 10_00)
    with pytest.raises(RefusedError) as refused:
        asked_back(paid(account, customers, key="qr-2"), 10_00)
    assert refused.value.rules == ["PAY-1"]


def test_no_money_of_another_account_goes_back(account, customers) -> None:
    order = paid(own_account(a_line(a_customer(), "13911112222")), customers)
    with pytest.raises(BadInputError):
        refund(
            account_id=account.pk,
            amount_fen=1,
            means="gateway",
            reason_id=a_reason("refund", "overpaid"),
            payee=Payee(),
            key="r1",
            at=NOON,
            by_id=a_maker().pk,
            order_number=order.number,
        )


@both
def test_an_answer_that_is_lost_is_asked_for_and_nothing_goes_back_twice(
    account, customers, name: str
) -> None:
    order = paid(account, customers, name=name)
    back = asked_back(order, 30_00)
    customers.trouble("", "cut")
    with pytest.raises(NoAnswerError):
        sent(back)
    back.refresh_from_db()
    assert (back.state, back.problem) == ("waiting", "silent")
    there = gateway(name).query_refund(number=order.number, refund_number=back.number)
    assert (there.state, there.amount_fen) == (ReturnState.DONE, 30_00)

    assert sent(back).state == "done"
    again = gateway(name).refund(
        number=order.number,
        refund_number=back.number,
        amount_fen=30_00,
        total_fen=100_00,
        reason="退款",
    )
    assert again.state == ReturnState.DONE
    rest = asked_back(order, 70_00, "r2")
    assert sent(rest).state == "done"
    assert house_balances()[f"clearing:{name}"] == 0


@both
def test_a_gateway_that_takes_its_time_is_asked_again(account, customers, name: str) -> None:
    order = paid(account, customers, name=name)
    back = asked_back(order, 30_00)
    customers.trouble("", "slow")
    assert sent(back).state == "waiting"
    assert house_balances()["refund_payable"] == 30_00
    customers.returned(order)
    assert sent(back).state == "done"


@both
def test_too_little_at_the_gateway_is_said_and_tried_again(account, customers, name: str) -> None:
    back = asked_back(paid(account, customers, name=name), 30_00)
    customers.trouble("", "short")
    back = sent(back)
    assert (back.state, back.problem) == ("waiting", "short")
    assert "余额不足" in str(back.get_problem_display())
    customers.trouble()
    back = sent(back)
    assert (back.state, back.problem) == ("done", "")


@both
@pytest.mark.parametrize(("trouble", "problem"), [("old", "too_old"), ("no", "said_no")])
def test_what_the_gateway_refuses_is_in_the_account_again(
    account, customers, name: str, trouble: str, problem: str
) -> None:
    officer = a_staff("supervisor")
    line = account.subscription
    back = asked_back(paid(account, customers, name=name), 100_00)
    a_bill(account, "2026-10", (line, "PLAN_FEE", 25_00))
    customers.trouble("", trouble)
    back = sent(back)

    assert (back.state, back.problem, back.refund.state) == ("refused", problem, "returned")
    assert public_of(account).cash_fen == 75_00
    assert house_balances()["refund_payable"] == 0
    assert Notice.objects.filter(staff=officer, url=f"/billing/refunds/{back.refund_id}").exists()
    assert [left for _, left in refundable_orders(account)] == [100_00]


@both
def test_a_reversed_online_payment_goes_back_to_the_payer(account, customers, name: str) -> None:
    bill = a_bill(account, "2026-10", (account.subscription, "PLAN_FEE", 25_00))
    order = paid(account, customers, name=name)
    reverse(key=order.payment_key, at=NOON, by_id=a_checker().pk, supervisor=True)

    back = order.refunds.get()
    assert (back.amount_fen, back.refund.means) == (100_00, Refund.Means.GATEWAY)
    assert house_balances()["refund_payable"] == 100_00
    assert sent(back).state == "done"
    bill.refresh_from_db()
    assert (bill.due_fen, public_of(account).cash_fen) == (25_00, 0)
    assert house_balances()[f"clearing:{name}"] == 0
    with pytest.raises(RefusedError):
        asked_back(order, 1_00)


def test_a_reversed_payment_that_the_gateway_keeps_pays_the_bills_again(account, customers) -> None:
    bill = a_bill(account, "2026-10", (account.subscription, "PLAN_FEE", 25_00))
    order = paid(account, customers)
    reverse(key=order.payment_key, at=NOON, by_id=a_checker().pk, supervisor=True)
    customers.trouble("", "old")
    sent(order.refunds.get())
    bill.refresh_from_db()
    assert (bill.due_fen, public_of(account).cash_fen) == (0, 75_00)


def test_what_went_back_in_part_is_not_reversed(account, customers) -> None:
    order = paid(account, customers)
    asked_back(order, 30_00)
    with pytest.raises(RefusedError) as refused:
        reverse(key=order.payment_key, at=NOON, by_id=a_checker().pk, supervisor=True)
    assert "已原路退回 30.00 元" in str(refused.value)


def test_no_bank_pays_what_a_gateway_sends_back(account, customers) -> None:
    back = asked_back(paid(account, customers), 30_00)
    for act, more in ((settle_refund, {"bank_reference": "HD1"}), (return_refund, {})):
        with pytest.raises(RefusedError) as refused:
            act(refund_id=back.refund_id, at=NOON, by_id=a_checker().pk, **more)
        assert "由网关原路退回" in str(refused.value)


def test_who_gives_up_gets_the_money_back_unless_the_gateway_is_at_it(account, customers) -> None:
    order = paid(account, customers)
    first, second = asked_back(order, 30_00), asked_back(order, 20_00, "r2")
    how = {"gateway": gateway("alipay"), "at": NOON, "now": clock.real_now()}
    customers.trouble("", "short")
    assert gateway_returns.give_up(sent(first), **how).problem == "given_up"
    assert public_of(account).cash_fen == 80_00

    customers.trouble("", "cut")
    with pytest.raises(NoAnswerError):
        sent(second)
    with pytest.raises(BadInputError):
        gateway_returns.give_up(second, **how)
    second.refresh_from_db()
    assert second.state == "done"


def test_the_minutes_job_sends_what_was_approved_and_pauses_between_its_looks(
    account, customers
) -> None:
    order = paid(account, customers, 900_00)
    with pytest.raises(RefusedError):
        asked_back(order, 800_00)
    back = asked_back(order, 800_00, approval=an_approval("refund.make"))
    customers.trouble("", "slow")
    assert send_refunds() == 0
    back.refresh_from_db()
    assert back.looks == 1
    assert send_refunds() == 0  # it has paused
    customers.returned(order)
    GatewayRefund.objects.update(look_after=clock.real_now() - timedelta(seconds=1))
    assert send_refunds() == 1
    assert house_balances()["clearing:alipay"] == -100_00
