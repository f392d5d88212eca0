"""QR orders: whatever breaks on the way, the money is booked once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from billing.gateways.configured import gateway
from billing.gateways.protocol import NoAnswerError, Trade, TradeState
from billing.models import Account, GatewayNotice, GatewayOrder, Payment
from billing.queries.house import house_balances
from billing.services import gateway_looks, gateway_notices
from billing.services.gateway_orders import NO_CODE, fetch_code
from billing.services.gateway_settling import accept_amount, settle_trade
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.rulebook import RefusedError
from tests.builders.billing import a_customer, a_line, moment, own_account, public_of
from tests.builders.gateways import NOWHERE, Customers, an_order
from tests.builders.staff import a_staff

AT = moment("2026-11-05T10:05")
LATER = timedelta(hours=1)
State = GatewayOrder.State
Verdict = GatewayNotice.Verdict
pytestmark = pytest.mark.django_db

both = pytest.mark.parametrize("name", ["alipay", "wechat"])


@pytest.fixture
def account(customers: Customers) -> Account:
    return own_account(a_line(a_customer()))


def heard(order: GatewayOrder, notice) -> int:
    """Give a notification to the service; the status that the gateway gets."""
    headers, body = notice
    reply = gateway_notices.receive(
        gateway=gateway(order.gateway), headers=headers, body=body, at=AT, now=clock.real_now()
    )
    return reply.status


def looked_at(order: GatewayOrder, *, later: timedelta = timedelta()) -> GatewayOrder:
    return gateway_looks.look(
        order, gateway=gateway(order.gateway), at=AT, now=clock.real_now() + later
    )


def booked(account: Account) -> list[int]:
    return list(Payment.objects.filter(account=account).values_list("amount_fen", flat=True))


def verdicts() -> list[str]:
    return list(GatewayNotice.objects.order_by("id").values_list("verdict", flat=True))


# Asking for a code


@both
def test_a_code_is_asked_for_once_per_key(account: Account, name: str) -> None:
    order = an_order(account, name=name)
    assert order.code_url.startswith("http")
    assert an_order(account, name=name) == order


@pytest.mark.parametrize("other", [{"amount_fen": 99_00}, {"name": "wechat"}])
def test_the_same_key_with_something_else_is_refused(account: Account, other) -> None:
    an_order(account)
    with pytest.raises(RefusedError, match="PAY-1"):
        an_order(account, **other)


@pytest.mark.parametrize("amount_fen", [0, -1, 50_000_01])
def test_an_absurd_amount_is_refused(account: Account, amount_fen: int) -> None:
    with pytest.raises(BadInputError):
        an_order(account, amount_fen)
    assert not GatewayOrder.objects.exists()


@both
def test_a_gateway_that_breaks_off_leaves_an_order_whose_code_is_fetched_again(
    account: Account, customers: Customers, name: str
) -> None:
    customers.trouble("cut")
    order = an_order(account, name=name)
    assert (order.state, order.code_url, order.problem) == (State.OPEN, "", NO_CODE)

    fetch_code(order, gateway=gateway(name), at=AT, notify_url=NOWHERE)

    assert order.code_url.startswith("http")
    assert order.problem == ""


# The money comes


@both
def test_a_notification_books_the_money_on_the_gateways_clearing_ledger(
    account: Account, customers: Customers, name: str
) -> None:
    clerk = a_staff("clerk")
    order = an_order(account, name=name, by_id=clerk.pk)
    customers.pay(order)

    assert heard(order, customers.notice(order)) in (200, 204)

    order.refresh_from_db()
    payment = Payment.objects.get()
    assert (order.state, order.payment, order.late) == (State.PAID, payment, False)
    assert (payment.amount_fen, payment.means, payment.taken_by) == (100_00, name, clerk)
    assert public_of(account).cash_fen == 100_00
    assert house_balances()[f"clearing:{name}"] == -100_00
    acts = AuditEntry.objects.filter(kind="act", subject=f"gateway_order:{order.pk}")
    assert sorted(acts.values_list("action", flat=True)) == [
        "gateway_order.open",
        "gateway_order.pay",
    ]


@both
def test_a_replayed_notification_books_nothing_more(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    customers.pay(order)
    first, second = customers.notice(order), customers.notice(order)
    statuses = [heard(order, notice) for notice in (first, first, second)]
    assert set(statuses) <= {200, 204}
    assert booked(account) == [100_00]
    assert verdicts() == [Verdict.BOOKED, Verdict.REPEATED]
    assert GatewayNotice.objects.earliest("id").times == 2


@both
def test_a_forged_notification_books_nothing_and_is_kept(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    customers.pay(order)
    headers, body = customers.notice(order, forge=True)
    reply = gateway_notices.receive(
        gateway=gateway(name), headers=headers, body=body, at=AT, now=clock.real_now()
    )
    assert (reply.status, reply.body) in [
        (200, b"fail"),
        (500, b'{"code": "FAIL", "message": "not booked"}'),
    ]
    assert booked(account) == []
    assert verdicts() == [Verdict.FORGED]


@both
def test_another_amount_than_asked_waits_for_a_person(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    customers.pay(order, amount_fen=1_00)
    heard(order, customers.notice(order))
    order.refresh_from_db()
    assert (order.state, order.paid_fen, booked(account)) == (State.DISPUTED, 1_00, [])

    supervisor = a_staff("supervisor")
    accept_amount(order_id=order.pk, at=AT, by_id=supervisor.pk)

    order.refresh_from_db()
    assert (order.state, booked(account)) == (State.PAID, [1_00])
    with pytest.raises(BadInputError):
        accept_amount(order_id=order.pk, at=AT, by_id=supervisor.pk)


@both
def test_an_order_that_is_not_ours_is_kept_as_foreign(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    customers.pay(order)
    notice = customers.notice(order)
    GatewayOrder.objects.all().delete()
    heard(order, notice)
    assert (verdicts(), booked(account)) == ([Verdict.FOREIGN], [])


def test_an_alipay_order_is_not_paid_by_wechat(account: Account, customers: Customers) -> None:
    alipay = an_order(account)
    wechat = an_order(account, name="wechat", key="qr-2")
    customers.pay(wechat)
    heard(wechat, customers.notice(wechat, changes={"out_trade_no": alipay.number}))
    alipay.refresh_from_db()
    assert (alipay.state, verdicts()) == (State.OPEN, [Verdict.FOREIGN])


def test_notifications_out_of_order_end_as_paid(account: Account, customers: Customers) -> None:
    order = an_order(account)
    customers.pay(order)
    paid = customers.notice(order)
    waiting = customers.notice(order, changes={"trade_status": "WAIT_BUYER_PAY"})
    closed = customers.notice(order, changes={"trade_status": "TRADE_CLOSED"})
    for notice in (paid, waiting, closed):
        heard(order, notice)
    order.refresh_from_db()
    assert (order.state, booked(account)) == (State.PAID, [100_00])
    assert verdicts() == [Verdict.BOOKED, Verdict.IGNORED, Verdict.IGNORED]


@both
def test_money_that_comes_after_the_closing_is_booked_and_marked(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    looked_at(order, later=LATER)
    assert order.state == State.CLOSED
    customers.pay(order)
    heard(order, customers.notice(order))
    order.refresh_from_db()
    assert (order.state, order.late, booked(account)) == (State.PAID, True, [100_00])


# Crashes: what the gateway has done and nobody told us


@both
def test_a_payment_without_a_notification_is_found_by_asking(
    account: Account, customers: Customers, name: str
) -> None:
    order = an_order(account, name=name)
    customers.pay(order)
    [claimed] = gateway_looks.claim(gateway=name, now=clock.real_now() + LATER)
    settled = gateway_looks.look_at_all(
        [claimed], gateway=gateway(name), at=AT, now=clock.real_now()
    )
    assert (settled, booked(account)) == (1, [100_00])
    assert gateway_looks.claim(gateway=name, now=clock.real_now() + LATER) == []


def test_a_crash_between_success_and_record_ends_in_one_payment(
    account: Account, customers: Customers, monkeypatch
) -> None:
    order = an_order(account)
    customers.pay(order)
    notice = customers.notice(order)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("billing.services.payments.settle", killed)
        with pytest.raises(SystemExit):
            heard(order, notice)
    assert (booked(account), verdicts()) == ([], [])

    heard(order, notice)
    looked_at(order)

    assert booked(account) == [100_00]


def test_a_claimed_order_is_not_claimed_again_at_once(account: Account) -> None:
    order = an_order(account)
    now = clock.real_now() + timedelta(minutes=2)
    assert gateway_looks.claim(gateway="alipay", now=now) == [order]
    assert gateway_looks.claim(gateway="alipay", now=now) == []
    assert gateway_looks.claim(gateway="alipay", now=now + LATER) == [order]


@both
def test_an_expired_order_is_closed_at_the_gateway_too(
    account: Account, customers: Customers, name: str
) -> None:
    order = looked_at(an_order(account, name=name), later=LATER)
    assert order.state == State.CLOSED
    assert gateway(name).query(number=order.number).state is TradeState.CLOSED


def test_an_order_that_expires_while_it_is_paid_is_booked(
    account: Account, customers: Customers
) -> None:
    order = an_order(account)
    customers.pay(order)
    looked_at(order, later=LATER)
    assert (order.state, booked(account)) == (State.PAID, [100_00])


@pytest.mark.parametrize("trouble", ["cut", "forge", "busy"])
def test_nothing_is_closed_on_an_answer_that_cannot_be_believed(
    account: Account, customers: Customers, trouble: str
) -> None:
    order = an_order(account)
    customers.trouble(trouble)
    with pytest.raises(NoAnswerError):
        looked_at(order, later=LATER)
    order.refresh_from_db()
    assert order.state == State.OPEN


def test_one_order_that_cannot_be_asked_about_does_not_stop_the_others(
    account: Account, customers: Customers
) -> None:
    first, second = an_order(account), an_order(account, key="qr-2")
    customers.pay(second)
    customers.trouble("cut")
    settled = gateway_looks.look_at_all(
        [first, second], gateway=gateway("alipay"), at=AT, now=clock.real_now()
    )
    assert (settled, booked(account)) == (1, [100_00])


@pytest.mark.django_db(transaction=True)
def test_notifications_and_looks_at_once_book_one_payment(
    account: Account, customers: Customers
) -> None:
    order = an_order(account)
    customers.pay(order)
    notices = [customers.notice(order) for _ in range(6)]

    def one(index: int) -> None:
        try:
            if index < len(notices):
                heard(order, notices[index])
            else:
                trade = gateway("alipay").query(number=order.number)
                settle_trade(gateway="alipay", trade=trade, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as many:
        list(many.map(one, range(8)))

    assert booked(account) == [100_00]
    assert verdicts().count(Verdict.BOOKED) <= 1
    assert public_of(account).cash_fen == 100_00


def test_a_second_trade_for_a_paid_order_is_disputed_and_changes_nothing(
    account: Account, customers: Customers
) -> None:
    order = an_order(account)
    customers.pay(order)
    looked_at(order)
    other = Trade(
        number=order.number, state=TradeState.PAID, amount_fen=100_00, trade_no="other", paid_at=AT
    )
    verdict, _ = settle_trade(gateway="alipay", trade=other, at=AT)
    assert (verdict, booked(account)) == (Verdict.DISPUTED, [100_00])
