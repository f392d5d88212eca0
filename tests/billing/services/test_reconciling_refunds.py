"""The refunds of a gateway's statement against ours: the same four answers as for payments."""

from datetime import date, datetime, timedelta

import pytest

from billing.gateways.configured import gateway
from billing.models import Account, GatewayRefund, ReconciliationLine
from billing.queries.house import house_balances
from billing.services import gateway_looks, gateway_returns, reconciliation_lines
from billing.services.reconciling import fetch_statement, take_statement
from billing.services.refunds import Payee, refund
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.periods import BUSINESS_ZONE, business_date
from tests.builders.billing import a_customer, a_line, own_account
from tests.builders.by_hand import NOON, a_maker, a_reason
from tests.builders.gateways import Customers, an_order
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("name", ["alipay", "wechat"])
DAYS = iter(range(3_000, 3_400, 3))
TODAY = business_date(clock.real_now())


@pytest.fixture
def account(customers: Customers) -> Account:
    return own_account(a_line(a_customer()))


@pytest.fixture
def officer() -> Staff:
    return a_staff("supervisor")


@pytest.fixture
def day() -> date:
    return TODAY - timedelta(days=next(DAYS))


def noon(day: date) -> str:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BUSINESS_ZONE).isoformat()


def gone_back(
    account: Account, customers: Customers, day: date, *, name: str = "alipay", follow: bool = True
) -> GatewayRefund:
    """30 of 100 yuan, paid the day before and sent back on that day."""
    order = an_order(account, name=name, key=f"{name}{day}")
    customers.pay(order, at=noon(day - timedelta(days=1)))
    gateway_looks.look(order, gateway=gateway(name), at=NOON, now=clock.real_now())
    made = refund(
        account_id=account.pk,
        amount_fen=30_00,
        means="gateway",
        reason_id=a_reason("refund", "overpaid"),
        payee=Payee(),
        key=f"{name}{day}",
        at=NOON,
        by_id=a_maker().pk,
        order_number=order.number,
    )
    customers.trouble("", "slow")
    sent(made.at_gateway)
    customers.returned(order, at=noon(day))
    return sent(made.at_gateway) if follow else made.at_gateway


def sent(back: GatewayRefund) -> GatewayRefund:
    return gateway_returns.send(back, gateway=gateway(back.gateway), at=NOON, now=clock.real_now())


def line_of(day: date, name: str = "alipay") -> ReconciliationLine:
    taken = fetch_statement(gateway=gateway(name), day=day, today=TODAY, at=NOON)
    line: ReconciliationLine = taken.lines.get()
    assert line.refund
    return line


@both
def test_a_refund_of_ours_agrees_by_its_own_number(account, customers, day, name: str) -> None:
    back = gone_back(account, customers, day, name=name)
    line = line_of(day, name)
    assert (line.kind, line.back, line.refund_number) == ("matched", back, back.number)
    assert (line.theirs_fen, line.ours_fen, line.order) == (30_00, 30_00, back.order)


@both
@pytest.mark.parametrize("act", ["book", "ask"])
def test_a_refund_that_we_still_wait_for_is_settled_from_the_statement(
    account, customers, day, officer, name: str, act: str
) -> None:
    back = gone_back(account, customers, day, name=name, follow=False)
    line = line_of(day, name)
    assert (line.kind, line.back) == ("theirs", back)
    how = {"line_id": line.pk, "at": NOON, "by_id": officer.pk}
    if act == "book":
        assert reconciliation_lines.book(**how).action == "booked"
    else:
        asked = reconciliation_lines.ask_again(gateway=gateway(name), **how)
        assert (asked.action, asked.ours_fen) == ("agreed", 30_00)
    back.refresh_from_db()
    assert (back.state, back.done_at) == ("done", datetime.fromisoformat(noon(day)))
    assert house_balances()[f"clearing:{name}"] == -70_00


def test_a_refund_that_the_statement_does_not_have_is_ours_alone(
    account, customers, day, officer
) -> None:
    back = gone_back(account, customers, day)
    elsewhere = day + timedelta(days=500)
    GatewayRefund.objects.filter(pk=back.pk).update(done_at=datetime.fromisoformat(noon(elsewhere)))
    taken = take_statement(
        gateway="alipay",
        day=elsewhere,
        file=gateway("alipay").fetch_statement(day=elsewhere),
        name="a.csv",
        today=elsewhere + timedelta(days=1),
        at=NOON,
    )
    line = taken.lines.get()
    assert (line.kind, line.refund, line.ours_fen, line.back) == ("ours", True, 30_00, back)
    asked = reconciliation_lines.ask_again(
        gateway=gateway("alipay"), line_id=line.pk, at=NOON, by_id=officer.pk
    )
    assert asked.action == "agreed"


def test_a_refund_of_another_amount_is_found(account, customers, day) -> None:
    back = gone_back(account, customers, day)
    file = gateway("alipay").fetch_statement(day=day).decode("gb18030").replace("30.00", "29.00")
    taken = take_statement(
        gateway="alipay", day=day, file=file.encode(), name="a.csv", today=TODAY, at=NOON
    )
    line = taken.lines.get()
    assert (line.kind, line.theirs_fen, line.ours_fen, line.back) == ("amount", 29_00, 30_00, back)


def test_a_refund_made_at_the_gateway_by_hand_is_theirs_alone(
    account, customers, day, officer
) -> None:
    back = gone_back(account, customers, day)
    file = gateway("alipay").fetch_statement(day=day).decode("gb18030")
    taken = take_statement(
        gateway="alipay",
        day=day,
        file=file.replace(back.number, "BYHAND1").encode(),
        name="a.csv",
        today=TODAY,
        at=NOON,
    )
    kinds = set(taken.lines.values_list("kind", "refund_number"))
    assert kinds == {("theirs", "BYHAND1"), ("ours", back.number)}
    theirs = taken.lines.get(kind="theirs")
    with pytest.raises(BadInputError):
        reconciliation_lines.book(line_id=theirs.pk, at=NOON, by_id=officer.pk)
