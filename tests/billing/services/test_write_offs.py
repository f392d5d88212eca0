"""PAY-6: debts are given up by two persons; revenue stays; what comes in later is recovered."""

import pytest

from billing.models import Bill, BillLine, DebtStop, Entry, Receipt, WriteOffPart
from billing.queries.debts import owing_accounts
from billing.queries.house import house_balances
from billing.queries.written_off import open_write_offs, recovery_state, write_offs
from billing.services.payments import pay, reverse
from billing.services.recoveries import recover
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from tests.builders.billing import (
    a_bill,
    a_channel,
    a_customer,
    a_line,
    moment,
    own_account,
    public_of,
)
from tests.builders.by_hand import FEBRUARY, a_maker, given_up
from tests.builders.till import a_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Subscription:
    return a_line(a_customer())


@pytest.fixture
def bill(line) -> Bill:
    """70.00 of 100.00 are still due."""
    account = own_account(line)
    made = a_bill(account, "2026-10", (line, "PLAN_FEE", 60_00), (line, "SMS", 40_00))
    channel = a_channel().pk
    at = moment("2026-11-20T10:00")
    pay(account_id=account.pk, amount_fen=30_00, key="p", at=at, channel_id=channel)
    return made


def collected(write_off, fen: int, key: str = "c1") -> Receipt:
    return recover(
        write_off_id=write_off.pk, amount_fen=fen, key=key, at=FEBRUARY, by_id=a_maker().pk
    )


def test_the_debt_becomes_a_loss_and_revenue_stays(bill) -> None:
    before = house_balances()
    made = given_up(bill.account, bill.pk)

    assert made.amount_fen == 70_00
    assert WriteOffPart.objects.get().amount_fen == 70_00
    after = house_balances()
    assert after["write_off"] == -70_00
    assert after["receivable"] == 0
    assert {n: v for n, v in after.items() if n.startswith("revenue")} == {
        n: v for n, v in before.items() if n.startswith("revenue")
    }
    bill.refresh_from_db()
    assert bill.due_fen == 0
    assert not owing_accounts([bill.account_id])
    for row in BillLine.objects.all():
        paid = sum(Entry.objects.filter(bill_line=row).values_list("amount_fen", flat=True))
        assert -paid == row.paid_fen == row.amount_fen


def test_a_stop_for_debt_stays(bill, line) -> None:
    stop = DebtStop.objects.create(
        subscription=line, account=bill.account, stopped_at=moment("2027-01-01T01:00")
    )
    given_up(bill.account, bill.pk)
    stop.refresh_from_db()
    assert stop.lifted_at is None


def test_only_overdue_bills_are_given_up_and_each_once(bill) -> None:
    with pytest.raises(RefusedError) as refused:
        given_up(bill.account, bill.pk, at=moment("2026-11-30T23:00"))
    assert "还没有逾期" in str(refused.value)
    given_up(bill.account, bill.pk)
    with pytest.raises(RefusedError):
        given_up(bill.account, bill.pk, key="w2")
    with pytest.raises(BadInputError):
        given_up(bill.account, key="w3")
    assert house_balances()["write_off"] == -70_00


def test_what_is_paid_later_is_recovered_up_to_what_was_given_up(bill) -> None:
    a_shift(a_maker())
    made = given_up(bill.account, bill.pk)
    collected(made, 50_00)
    assert house_balances()["recovered"] == 50_00
    assert recovery_state(write_offs().get()) == "partly_recovered"
    with pytest.raises(RefusedError) as refused:
        collected(made, 20_01, "c2")
    assert "只有 20.00 元可以收回" in str(refused.value)
    collected(made, 20_00, "c3")
    assert open_write_offs(bill.account_id) == []
    assert public_of(bill.account).cash_fen == 0
    assert house_balances()["write_off"] == -70_00


def test_the_same_key_collects_once(bill) -> None:
    a_shift(a_maker())
    made = given_up(bill.account, bill.pk)
    assert collected(made, 50_00) == collected(made, 50_00)
    assert house_balances()["recovered"] == 50_00


def test_open_bills_come_before_what_was_given_up(bill, line) -> None:
    a_shift(a_maker())
    made = given_up(bill.account, bill.pk)
    a_bill(bill.account, "2026-12", (line, "PLAN_FEE", 25_00))
    with pytest.raises(RefusedError) as refused:
        collected(made, 50_00)
    assert refused.value.rules == ["PAY-6"]
    assert not Receipt.objects.exists()


def test_a_payment_that_recovered_can_be_taken_back_whole(bill) -> None:
    a_shift(a_maker())
    made = given_up(bill.account, bill.pk)
    collected(made, 50_00)
    reverse(key="c1", at=FEBRUARY, by_id=a_maker().pk)
    assert house_balances()["recovered"] == 0
    assert public_of(bill.account).cash_fen == 0
    assert recovery_state(write_offs().get()) == "open"
