"""Money at a gateway for an order that we do not know: held at once, identified or sent back."""

from datetime import date, datetime, timedelta

import pytest

from billing.batch.audit_ledgers import audit_ledgers
from billing.gateways.configured import gateway
from billing.models import Account, Payment, ReconciliationLine, UnidentifiedPayment
from billing.queries.house import house_balances
from billing.services import gateway_notices, gateway_returns, reconciliation_lines, unidentified
from billing.services.gateway_strangers import hold_stated
from billing.services.payments import reverse
from billing.services.reconciling import fetch_statement, take_statement
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.periods import BUSINESS_ZONE, business_date
from tests.builders.billing import (
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.gateways import Customers, a_statement, an_order
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("name", ["alipay", "wechat"])
AT = moment("2026-11-05T10:05")
DAYS = iter(range(2_000, 2_400))


@pytest.fixture
def account(customers: Customers) -> Account:
    a_channel()  # and its organisation, under which the gateways' own channels stand
    return own_account(a_line(a_customer()))


@pytest.fixture
def officer() -> Staff:
    return a_staff("supervisor")


@pytest.fixture
def day() -> date:
    return business_date(clock.real_now()) - timedelta(days=next(DAYS))


def a_strangers_money(customers: Customers, day: date, *, name: str = "alipay") -> str:
    """Another till of the merchant took 36 yuan; the number of its order."""
    number = f"POS{day:%Y%m%d}"
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BUSINESS_ZONE).isoformat()
    customers.create(name, number, 36_00)
    customers.pay_number(name, number, at=noon)
    return number


def held_of(day: date, *, name: str = "alipay") -> UnidentifiedPayment:
    today = business_date(clock.real_now())
    taken = fetch_statement(gateway=gateway(name), day=day, today=today, at=AT)
    line: ReconciliationLine = taken.lines.get()
    assert (line.kind, line.action) == ("theirs", "held")
    assert line.unidentified is not None
    return line.unidentified


@both
def test_a_stated_trade_of_no_order_is_on_the_unidentified_ledger_at_once(
    account, customers, day, name: str
) -> None:
    number = a_strangers_money(customers, day, name=name)
    money = held_of(day, name=name)
    assert (money.source, money.number, money.amount_fen) == (name, number, 36_00)
    assert (money.arrived_on, money.state, money.reference) == (day, "open", money.trade_no)
    assert house_balances() == {f"clearing:{name}": -36_00, "unidentified": 36_00}
    assert audit_ledgers().differences == ()
    UnidentifiedPayment.objects.update(amount_fen=35_00)
    [difference] = audit_ledgers().differences
    assert (difference.name, difference.expected_fen, difference.found_fen) == (
        "unidentified",
        35_00,
        36_00,
    )


@both
def test_it_is_identified_as_an_online_payment_and_a_reversal_lets_it_wait_again(
    account, customers, day, officer, name: str
) -> None:
    bill = a_bill(account, "2026-10", (account.subscription, "PLAN_FEE", 25_00))
    a_strangers_money(customers, day, name=name)
    money = held_of(day, name=name)
    unidentified.identify(
        unidentified_id=money.pk, account_id=account.pk, reason="来函", at=AT, by_id=officer.pk
    )
    payment = Payment.objects.get()
    bill.refresh_from_db()
    assert (payment.means, payment.channel.code) == (name, f"PAY-{name}")
    assert (bill.due_fen, public_of(account).cash_fen) == (0, 11_00)

    reverse(key=payment.key, at=AT, by_id=officer.pk, supervisor=True)
    money.refresh_from_db()
    assert (money.state, house_balances()["unidentified"]) == ("open", 36_00)


@both
def test_it_goes_back_through_the_gateway(account, customers, day, officer, name: str) -> None:
    a_strangers_money(customers, day, name=name)
    money = held_of(day, name=name)
    for _ in range(2):
        unidentified.give_back(unidentified_id=money.pk, reason="查无此人", at=AT, by_id=officer.pk)
    back = money.sent_back.get()
    assert house_balances()["refund_payable"] == 36_00
    assert audit_ledgers().differences == ()
    back = gateway_returns.send(back, gateway=gateway(name), at=AT, now=clock.real_now())
    assert back.state == "done"
    assert house_balances() == {f"clearing:{name}": 0, "refund_payable": 0, "unidentified": 0}


def test_what_the_gateway_does_not_send_back_waits_again(account, customers, day, officer) -> None:
    a_strangers_money(customers, day)
    money = held_of(day)
    for _ in range(2):
        unidentified.give_back(unidentified_id=money.pk, reason="查无此人", at=AT, by_id=officer.pk)
        back = money.sent_back.get(state="waiting")
        customers.trouble("", "old")
        gateway_returns.send(back, gateway=gateway("alipay"), at=AT, now=clock.real_now())
        money.refresh_from_db()
        assert (money.state, house_balances()["unidentified"]) == ("open", 36_00)
    assert money.sent_back.count() == 2


@both
def test_a_notification_of_no_order_is_held_and_the_statement_agrees_with_it(
    account, customers, day, name: str
) -> None:
    number = a_strangers_money(customers, day, name=name)
    headers, body = customers.notice_of(name, number)
    for _ in range(2):
        gateway_notices.receive(
            gateway=gateway(name), headers=headers, body=body, at=AT, now=clock.real_now()
        )
    money = UnidentifiedPayment.objects.get()
    today = business_date(clock.real_now())
    line = fetch_statement(gateway=gateway(name), day=day, today=today, at=AT).lines.get()
    assert (line.kind, line.unidentified, line.ours_fen) == ("matched", money, 36_00)
    assert house_balances() == {f"clearing:{name}": -36_00, "unidentified": 36_00}


def test_a_line_of_before_is_held_by_its_button_and_once(account, officer, day) -> None:
    file = a_statement(day, ("T9", "WO-NOBODY", "12.00")).encode()
    today = business_date(clock.real_now())
    taken = take_statement(gateway="alipay", day=day, file=file, name="a.csv", today=today, at=AT)
    line = taken.lines.get()
    with pytest.raises(BadInputError):
        reconciliation_lines.book(line_id=line.pk, at=AT, by_id=officer.pk)
    assert hold_stated(taken, at=AT, by_id=None) == (0, 0)
    assert house_balances()["unidentified"] == 12_00


def test_the_trade_of_our_own_order_is_not_held(account, customers, day) -> None:
    order = an_order(account)
    customers.pay(
        order, at=datetime(day.year, day.month, day.day, 9, tzinfo=BUSINESS_ZONE).isoformat()
    )
    fetch_statement(
        gateway=gateway("alipay"), day=day, today=business_date(clock.real_now()), at=AT
    )
    assert not UnidentifiedPayment.objects.exists()
