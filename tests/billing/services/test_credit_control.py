"""The credit run, day by day (CRD-1 to CRD-4, CAN-6)."""

from datetime import date, datetime, time

import pytest

from billing.batch.switch_payers import pay_by
from billing.models import Account, DebtStop
from billing.services import accounts, credit_control
from billing.services.payments import pay
from bss.kernel.periods import BUSINESS_ZONE
from customers.models import Subscription
from customers.services.lists import list_customer
from customers.services.subscriptions import take_over
from tests.builders.billing import (
    NEW_YEAR,
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
)

pytestmark = pytest.mark.django_db


def run_on(day: str) -> None:
    credit_control.run(at=datetime.combine(date.fromisoformat(day), time(1), BUSINESS_ZONE))


def state(line: Subscription) -> str:
    return Subscription.objects.get(pk=line.pk).state


@pytest.fixture
def line() -> Subscription:
    return a_line(a_customer())


@pytest.mark.parametrize(
    ("month", "before", "on"),
    [
        ("2026-10", "2026-12-31", "2027-01-01"),
        ("2026-12", "2027-03-02", "2027-03-03"),
        ("2026-01", "2026-03-31", "2026-04-01"),
    ],
)
def test_a_debt_stops_from_the_first_day_that_both_conditions_hold(
    line: Subscription, month: str, before: str, on: str
) -> None:
    a_bill(own_account(line), month, (line, "PLAN_FEE", 2500))
    run_on(before)
    assert state(line) == "active"
    run_on(on)
    assert state(line) == "suspended"


def test_a_unified_account_stops_all_but_3g_together(line: Subscription) -> None:
    others = [
        a_line(line.owner, "13011112222", service="m2g"),
        a_line(line.owner, "18611112222", service="m3g"),
    ]
    unified = accounts.open_unified(owner_id=line.owner_id, name="统一", at=NEW_YEAR)
    pay_by(accounts={row.pk: unified.pk for row in (line, *others)}, at=moment("2026-10-01T00:00"))
    a_bill(unified, "2026-10", (line, "BUNDLE_FEE", 10600))
    run_on("2027-01-01")
    assert [state(row) for row in (line, *others)] == ["suspended", "suspended", "active"]


@pytest.mark.parametrize("who", ["owner", "payer"])
def test_nobody_red_listed_is_stopped(line: Subscription, who: str) -> None:
    red = a_customer("北京市某医院")
    unified = accounts.open_unified(owner_id=red.pk, name="统一", at=NEW_YEAR)
    pay_by(accounts={line.pk: unified.pk}, at=moment("2026-10-01T00:00"))
    a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 2500))
    listed = red.pk if who == "payer" else line.owner_id
    list_customer(customer_id=listed, listed="red", reason="医院", at=NEW_YEAR)
    run_on("2027-01-01")
    assert state(line) == "active"


def test_an_account_that_a_transfer_left_behind_stops_nothing(line: Subscription) -> None:
    old = own_account(line)
    buyer = a_customer("上海虚构贸易有限公司")
    accounts.transfer_account(
        subscription_id=line.pk, new_owner_id=buyer.pk, at=moment("2026-10-10T10:00")
    )
    a_bill(old, "2026-10", (line, "PLAN_FEE", 2500))
    run_on("2027-01-01")
    assert state(line) == "active"


def test_payment_of_what_caused_the_stop_lifts_it_at_once(line: Subscription) -> None:
    account = own_account(line)
    a_bill(account, "2026-10", (line, "PLAN_FEE", 2500))
    run_on("2027-01-01")
    at = moment("2027-01-04T10:00")
    pay(account_id=account.pk, amount_fen=2499, key="p1", at=at, channel_id=a_channel().pk)
    assert state(line) == "suspended"
    pay(account_id=account.pk, amount_fen=1, key="p2", at=at, channel_id=a_channel().pk)
    assert state(line) == "active"
    assert DebtStop.objects.get().lifted_at == at


def test_ninety_days_of_debt_stop_pre_terminate(line: Subscription) -> None:
    a_bill(own_account(line), "2026-10", (line, "PLAN_FEE", 2500))
    run_on("2027-01-01")
    run_on("2027-03-31")
    assert state(line) == "suspended"
    run_on("2027-04-01")
    assert state(line) == "pre_terminated"


def test_a_blacklist_stop_is_no_debt_stop(line: Subscription) -> None:
    list_customer(customer_id=line.owner_id, listed="black", reason="欺诈", at=NEW_YEAR)
    run_on("2026-02-01")
    row = Subscription.objects.get(pk=line.pk)
    assert (row.state, row.stop_reason) == ("suspended", "blacklist")
    run_on("2026-12-01")
    assert state(line) == "suspended"
    assert not DebtStop.objects.exists()


def test_a_stop_taken_over_with_arrears_remembers_its_account() -> None:
    owner = a_customer()
    line = take_over(
        owner_id=owner.pk,
        service="fixed",
        number="01062000009",
        area="010",
        since=NEW_YEAR,
        state="suspended",
        stop_reason="debt",
    )
    account: Account = accounts.open_independent(subscription_id=line.pk, at=NEW_YEAR)
    accounts.record_arrears(account_id=account.pk, amount_fen=1200, since=NEW_YEAR)
    at = moment("2026-02-01T10:00")
    pay(account_id=account.pk, amount_fen=1200, key="p", at=at, channel_id=a_channel().pk)
    assert state(line) == "active"
