from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import BankFile, Message, MessageAttempt, StatementLine
from bss.kernel import approvals
from bss.kernel.models import ApiCall, Approval, AuditEntry, Notice, OutboxEvent, ScheduledRun
from bss.kernel.periods import local_moment
from bss.oversight.rules.retention import PERIODS, periods
from bss.oversight.services import retention
from customers.models import Customer
from customers.services.legal_holds import lift_hold, place_hold
from tests.builders.banks import a_movement, a_statement, taken_in
from tests.builders.billing import a_channel, a_line, own_account
from tests.builders.customers import LONG_AGO, a_person, a_subscription
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db
AT = local_moment("2032-03-01T05:00")
NOW = {"at": AT, "real_at": AT}


def counts():
    return {one.period.kind: one.count for one in retention.due(**NOW)}


def terminated(customer, at):
    line = a_subscription(customer, "m2g")
    type(line).objects.filter(pk=line.pk).update(state="terminated", ended_at=at)


def test_customers_go_five_years_after_their_last_line_ended():
    gone, recent, living = a_person(), a_person(name="王二芳"), a_person(name="王三芳")
    terminated(gone, AT - timedelta(days=5 * 365 + 1))
    terminated(recent, AT - timedelta(days=5 * 365 - 1))
    a_subscription(living, "m2g")

    assert counts()["customers"] == 1
    assert retention.run(**NOW) == {"customers": 1}

    erased = Customer.objects.exclude(erased_at=None)
    assert erased.get() == gone
    entry = AuditEntry.objects.get(action="retention.run")
    assert entry.detail == {"customers": 1}


def test_a_legal_hold_outlives_every_period():
    person = a_person()
    terminated(person, LONG_AGO)
    place_hold(customer_id=person.pk, reason="公函", until=None, at=AT, by_id=None)

    assert counts()["customers"] == 0
    assert retention.run(**NOW) == {}


def test_the_table_may_be_shortened_by_the_settings_and_knows_its_kinds(settings):
    assert {one.days for one in periods({"outbox": 3}) if one.kind == "outbox"} == {3}
    assert set(counts()) == {period.kind for period in PERIODS}
    with pytest.raises(ValueError, match="unknown kinds: letters"):
        periods({"letters": 1})


def test_handled_events_and_answers_are_deleted_and_waiting_ones_kept():
    old, new = AT - timedelta(days=31), AT - timedelta(days=29)
    for handled_at in (old, new, None):
        OutboxEvent.objects.create(name="x", payload={}, at=LONG_AGO, handled_at=handled_at)
    staff = a_staff()
    for key, at in (("old", old), ("new", new)):
        ApiCall.objects.create(staff=staff, path="/x", key=key, digest="", at=at)

    assert retention.run(**NOW) == {"outbox": 1, "api_calls": 1}
    assert OutboxEvent.objects.count() == 2
    assert ApiCall.objects.get().key == "new"
    assert retention.run(**NOW) == {}


def test_the_latest_run_of_a_job_is_never_forgotten():
    for days in (900, 800, 700):
        done = AT - timedelta(days=days)
        ScheduledRun.objects.create(name="month_start", due_at=done, done_at=done)

    assert retention.run(**NOW) == {"scheduled_runs": 2}
    assert ScheduledRun.objects.get().due_at == AT - timedelta(days=700)


def test_the_command_only_says_what_is_due_unless_it_is_told_to_run(settings):
    settings.BUSINESS_TIME = "2032-03-01T05:00"
    terminated(a_person(), LONG_AGO)
    out = StringIO()

    call_command("retention", stdout=out)

    assert "customers: 1 due (over before 2027-03-03, kept 1825 days)" in out.getvalue()
    assert not Customer.objects.exclude(erased_at=None).exists()
    call_command("retention", "--run", stdout=out)
    assert "customers: 1 taken" in out.getvalue()


def told(customer, *, days, state="delivered", attempts=2):
    """A message that this customer's account was sent so many days ago."""
    line = customer.subscriptions.first() or a_line(customer, f"010620{customer.pk:05d}"[-11:])
    made_at = AT - timedelta(days=days)
    message = Message.objects.create(
        account=own_account(line),
        template="due",
        medium="sms",
        state=state,
        made_at=made_at,
        sent_at=made_at,
        recipient="139****7171",
        text="您有一笔欠费。",
    )
    MessageAttempt.objects.bulk_create(
        MessageAttempt(message=message, number=number, started_at=made_at)
        for number in range(attempts)
    )
    return message


def test_messages_go_after_400_days_with_their_attempts_unless_they_are_on_their_way():
    person = a_person()
    told(person, days=401)
    new, waiting = told(person, days=399), told(person, days=900, state="waiting")

    assert retention.run(**NOW) == {"messages": 1}

    assert set(Message.objects.all()) == {new, waiting}
    assert MessageAttempt.objects.count() == 4


def test_what_was_told_to_a_customer_under_legal_hold_is_kept_until_the_hold_is_lifted():
    held, other = a_person(), a_person(name="王二芳")
    told(held, days=900)
    told(other, days=900)
    hold = place_hold(customer_id=held.pk, reason="公函", until=None, at=AT, by_id=None)

    assert retention.run(**NOW) == {"messages": 1}
    assert Message.objects.get().account.owner == held

    lift_hold(hold_id=hold.pk, at=AT, by_id=None)
    assert retention.run(**NOW) == {"messages": 1}


def test_a_thousand_messages_go_in_as_many_statements_as_one():
    person = a_person()
    message = told(person, days=900, attempts=0)

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            retention.run(**NOW)
        return len(asked)

    one = statements()
    Message.objects.bulk_create(
        Message(
            account=message.account,
            template="due",
            medium="sms",
            state="failed",
            made_at=message.made_at,
        )
        for _ in range(1000)
    )

    assert statements() == one
    assert Message.objects.count() == 0


def test_lots_are_as_large_as_one_transaction_bears(monkeypatch):
    monkeypatch.setattr(retention, "LOT", 2)
    person = a_person()
    for _ in range(5):
        told(person, days=900)

    assert retention.run(**NOW) == {"messages": 5}


def test_payers_of_a_statement_are_forgotten_after_ten_years_and_the_movement_stays():
    a_channel()
    account = own_account(a_line(a_person()))
    money = {"payer_name": "欧阳试验", "payer_number": "6229001"}
    taken_in(
        a_statement(
            a_movement("R1", 100, remark=account.code, **money), a_movement("R2", 200, **money)
        )
    )
    StatementLine.objects.update(booked_on="2022-02-27")
    BankFile.objects.update(done_at=AT)

    assert retention.run(**NOW) == {"bank_payers": 1}

    known, unidentified = StatementLine.objects.order_by("reference")
    assert (known.payer_name, known.payer_number, known.payer_index, known.remark) == ("",) * 4
    assert known.amount_fen == 100
    assert unidentified.payer_name == "欧阳试验"
    assert retention.run(**NOW) == {}


def test_requests_that_nobody_approved_and_notices_go_and_what_was_done_stays():
    staff = a_staff("supervisor")
    person = a_person()
    a_subscription(person, "m2g")
    asked = [
        approvals.ask(
            kind="customer.erase",
            payload={"customer_id": person.pk},
            asked_by_id=staff.pk,
            at=AT,
            reason=f"试验 {number}",
        )
        for number in range(1)
    ]
    approvals.withdraw(approval_id=asked[0].pk, by_id=staff.pk, at=AT)
    Approval.objects.update(decided_at=AT - timedelta(days=731))
    for days in (181, 179):
        Notice.objects.create(staff=staff, text="试验", at=AT - timedelta(days=days))

    assert retention.run(**NOW) == {"approvals": 1, "notices": 1}
    assert Notice.objects.count() == 1
