from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bss.kernel.models import ApiCall, AuditEntry, OutboxEvent, ScheduledRun
from bss.kernel.periods import local_moment
from bss.oversight.rules.retention import PERIODS, periods
from bss.oversight.services import retention
from customers.models import Customer
from customers.services.legal_holds import place_hold
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
