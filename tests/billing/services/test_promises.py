"""PAY-7: a promise to pay holds stops for debt until its day; how often, and what it came to."""

from datetime import date, timedelta

import pytest

from billing.models import Bill, DebtStop, Promise
from billing.queries.promises import held_until
from billing.services.payments import pay
from billing.services.promises import judge, promise, withdraw
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from customers.models import Customer
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, moment, own_account
from tests.builders.by_hand import a_maker

pytestmark = pytest.mark.django_db
AT = moment("2026-12-10T10:00")
UNTIL = date(2026, 12, 20)


@pytest.fixture
def line():
    return a_line(a_customer())


@pytest.fixture
def bill(line) -> Bill:
    """Due on 30 November."""
    return a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 60_00))


def promised(bill, *, until: date = UNTIL, at=AT) -> Promise:
    return promise(account_id=bill.account_id, until=until, at=at, by_id=a_maker().pk)


def paid(bill, fen: int, *, at=AT) -> None:
    channel = a_channel().pk
    pay(account_id=bill.account_id, amount_fen=fen, key=f"{at}", at=at, channel_id=channel)


def refusals(bill, **said) -> str:
    with pytest.raises(RefusedError) as refused:
        promised(bill, **said)
    assert refused.value.rules == ["PAY-7"]
    return str(refused.value)


def test_it_holds_up_to_and_including_its_day(bill) -> None:
    made = promised(bill)
    assert made.amount_fen == 60_00
    assert held_until([bill.account_id], on=UNTIL) == {bill.account_id: UNTIL}
    assert held_until(on=UNTIL) == {bill.account_id: UNTIL}
    assert held_until([bill.account_id], on=UNTIL + timedelta(days=1)) == {}


def test_paid_in_time_it_is_kept_and_holds_nothing_any_more(bill) -> None:
    promised(bill)
    assert judge(at=AT).kept == 0
    paid(bill, 60_00)
    assert (judge(at=AT).kept, judge(at=AT).kept) == (1, 0)
    assert Promise.objects.get().outcome == "kept"
    assert held_until(on=UNTIL) == {}


def test_not_paid_by_its_day_it_is_broken(bill) -> None:
    promised(bill)
    paid(bill, 59_99)
    assert judge(at=moment("2026-12-20T23:59")).broken == 0
    assert judge(at=moment("2026-12-21T00:40")).broken == 1
    assert Promise.objects.get().outcome == "broken"


def test_a_debt_that_came_later_breaks_no_promise(bill, line) -> None:
    promised(bill)
    paid(bill, 60_00)
    a_bill(own_account(line), "2026-11", (line, "PLAN_FEE", 1_00))
    assert judge(at=moment("2027-01-10T00:40")).kept == 1


def test_it_names_a_day_that_is_not_far(bill) -> None:
    assert "最多 15 天" in refusals(bill, until=date(2026, 12, 26))
    assert "最多 15 天" in refusals(bill, until=AT.date())
    assert promised(bill, until=date(2026, 12, 25)).until == date(2026, 12, 25)


def test_every_reason_against_it_is_said_at_once(line) -> None:
    account = own_account(line)
    Customer.objects.filter(pk=line.owner_id).update(listed="black")
    with pytest.raises(RefusedError) as refused:
        promise(account_id=account.pk, until=date(2027, 6, 1), at=AT, by_id=None)
    assert len(refused.value.refusals) == 3


def test_who_is_stopped_pays(bill, line) -> None:
    DebtStop.objects.create(subscription=line, account=bill.account, stopped_at=AT)
    assert "只有缴费才能复机" in refusals(bill)


def test_one_at_a_time_and_three_a_year(bill) -> None:
    for _ in range(3):
        made = promised(bill)
        assert "已有一个承诺" in refusals(bill)
        Promise.objects.filter(pk=made.pk).update(outcome="kept", judged_at=AT)
    assert "已承诺 3 次" in refusals(bill)
    assert promised(bill, until=date(2028, 1, 5), at=moment("2028-01-01T10:00")).pk


def test_two_broken_ones_are_enough(bill) -> None:
    promised(bill)
    promised(bill, until=date(2026, 12, 30), at=moment("2026-12-21T10:00"))
    assert Promise.objects.filter(outcome="broken").count() == 1
    said = refusals(bill, until=date(2027, 1, 10), at=moment("2027-01-02T10:00"))
    assert "2 次承诺没有履行" in said


def test_withdrawn_it_holds_nothing_and_does_not_count(bill) -> None:
    made = promised(bill)
    withdraw(promise_id=made.pk, at=AT, by_id=a_maker().pk)
    assert held_until(on=AT.date()) == {}
    with pytest.raises(BadInputError):
        withdraw(promise_id=made.pk, at=AT, by_id=a_maker().pk)
    for _ in range(3):
        made = promised(bill)
        withdraw(promise_id=made.pk, at=AT, by_id=a_maker().pk)
    assert promised(bill).outcome == "open"
