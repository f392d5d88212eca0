"""Reminders: each step once for a bill, on its day, for whom it concerns."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from billing.models import Message, NoticeAddress, Reminder, ReminderBill, ReminderStep
from billing.queries import credit_causes
from billing.services import payments, promises
from customers.services import lists
from tests.builders.billing import a_bill, a_channel, moment
from tests.builders.credit import a_debtor, at_one, run_on, steps, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _steps():
    steps()


def run_daily(first: str, last: str) -> None:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        run_on(f"{day}")
        day += timedelta(days=1)


LADDER = [
    ("due_soon", "2026-11-27"),
    ("overdue", "2026-12-01"),
    ("stop_in_5", "2026-12-27"),
    ("stop_in_1", "2026-12-31"),
    ("stopped", "2027-01-01"),
    ("ending_in_15", "2027-03-17"),
    ("ending_in_3", "2027-03-29"),
    ("ended", "2027-04-01"),
]


def test_every_step_comes_on_its_day_and_once() -> None:
    _, account, _bill = a_debtor()
    run_daily("2026-11-25", "2026-12-02")
    run_daily("2026-12-25", "2027-01-03")
    run_daily("2027-03-15", "2027-04-03")
    assert told(account) == LADDER
    assert Reminder.objects.count() == ReminderBill.objects.count() == 8
    assert {row.due_fen for row in Reminder.objects.all()} == {2500}
    assert Reminder.objects.get(step__code="stop_in_5").acts_on == date(2027, 1, 1)
    assert Reminder.objects.get(step__code="ending_in_3").acts_on == date(2027, 4, 1)


def test_a_run_that_is_repeated_tells_nothing_again() -> None:
    _, account, _ = a_debtor()
    assert [run_on("2026-12-27").reminded for _ in range(3)] == [1, 0, 0]
    assert told(account) == [("stop_in_5", "2026-12-27")]
    assert Message.objects.count() == 1


def test_the_database_refuses_to_tell_a_bill_twice_of_one_step() -> None:
    _, _account, bill = a_debtor()
    run_on("2026-12-27")
    row = ReminderBill.objects.get()
    with pytest.raises(IntegrityError, match="a_step_speaks_of_a_bill_once"), transaction.atomic():
        ReminderBill.objects.create(
            reminder=row.reminder, bill=bill, step_id=row.step_id, due_fen=1
        )


def test_a_day_on_which_nothing_ran_is_made_up_by_the_last_step_alone() -> None:
    _, account, _ = a_debtor()
    run_on("2026-12-31")
    assert told(account) == [("stop_in_1", "2026-12-31")]


def test_paying_the_oldest_bill_skips_no_step_of_the_next() -> None:
    line, account, _ = a_debtor(month="2026-09")
    a_bill(account, "2026-10", (line, "PLAN_FEE", 3000))
    run_daily("2026-11-22", "2026-11-27")
    # September's is stopped on 1 December; October's is due on the 30th and stops on 1 January.
    assert told(account) == [("stop_in_5", "2026-11-26"), ("due_soon", "2026-11-27")]
    payments.pay(
        account_id=account.pk, amount_fen=2500, key="p", at=moment("2026-11-28T10:00"),
        channel_id=a_channel().pk,
    )  # fmt: skip
    run_daily("2026-11-28", "2026-12-27")
    assert told(account)[2:] == [("overdue", "2026-12-01"), ("stop_in_5", "2026-12-27")]
    assert account.bills.filter(paid_fen=0).count() == 1


def test_two_bills_of_one_account_share_a_reminder() -> None:
    line, account, _ = a_debtor(month="2026-09")
    a_bill(account, "2026-10", (line, "PLAN_FEE", 3000))
    account.bills.update(due_on=date(2026, 11, 30))
    run_on("2026-12-27")
    reminder = Reminder.objects.get()
    assert (reminder.due_fen, reminder.bills.count(), reminder.messages.count()) == (5500, 2, 1)


@pytest.mark.parametrize("who", ["red", "promised"])
def test_who_is_not_stopped_is_not_threatened(who: str) -> None:
    line, account, _ = a_debtor()
    if who == "red":
        lists.put_on(
            customer_id=line.owner_id, listed="red", reason="医院", at=moment("2026-12-02T10:00")
        )
    else:
        promises.promise(
            account_id=account.pk, until=date(2026, 12, 29), at=moment("2026-12-22T10:00"),
            by_id=None,
        )  # fmt: skip
    run_on("2026-12-27")
    assert told(account) == []


def test_a_promise_holds_the_stop_until_its_day_and_no_longer() -> None:
    line, account, _ = a_debtor()
    promises.promise(
        account_id=account.pk, until=date(2027, 1, 5), at=moment("2026-12-30T10:00"), by_id=None
    )
    run_daily("2026-12-30", "2027-01-05")
    line.refresh_from_db()
    assert line.state == "active"
    run_on("2027-01-06")
    line.refresh_from_db()
    assert (line.state, told(account)) == ("suspended", [("stopped", "2027-01-06")])


def test_who_left_an_address_is_told_by_mail_too() -> None:
    _, account, _ = a_debtor()
    NoticeAddress(account=account, email="boss@chenguang.example").save()
    run_on("2026-12-27")
    assert sorted(Message.objects.values_list("medium", flat=True)) == ["email", "sms"]


def test_a_step_that_is_off_is_not_told() -> None:
    _, account, _ = a_debtor()
    ReminderStep.objects.filter(code="stop_in_5").update(active=False)
    run_on("2026-12-27")
    assert told(account) == []


def test_a_rehearsal_says_what_the_run_will_do_and_writes_nothing() -> None:
    line, account, bill = a_debtor()
    due = credit_causes.reminders(at=at_one("2026-12-27"))
    assert [(one.account_id, one.bill_id, one.due_fen) for one in due] == [
        (account.pk, bill.pk, 2500)
    ]
    stops = credit_causes.stops(at=at_one("2027-01-01"))
    assert [(one.subscription_id, one.account_id) for one in stops] == [(line.pk, account.pk)]
    assert not Reminder.objects.exists()
    line.refresh_from_db()
    assert line.state == "active"


def test_a_second_stop_for_the_same_bill_is_told_with_what_is_owed() -> None:
    line, account, _ = a_debtor()
    run_on("2027-01-01")
    paid = moment("2027-01-01T10:00")
    payments.pay(
        account_id=account.pk, amount_fen=2500, key="p", at=paid, channel_id=a_channel().pk
    )
    payments.reverse(key="p", at=moment("2027-01-01T11:00"), supervisor=True)
    run_on("2027-01-02")
    line.refresh_from_db()
    assert line.state == "suspended"
    assert [step for step, _ in told(account)] == ["stopped", "resumed", "stopped"]
    again = Reminder.objects.latest("pk")
    assert (again.due_fen, again.bills.count(), again.messages.count()) == (2500, 0, 1)
