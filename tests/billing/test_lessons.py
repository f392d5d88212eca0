"""What went wrong in other billing systems and is shown nowhere else not to go wrong here."""

from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import connection

from billing.models import Bill, BillLine, PayRelation
from billing.services import accounts, month_start, usage
from billing.services.month_end import close_month
from bss.kernel.periods import Month
from customers.services import subscriptions
from packages_wo.models import Pool
from tests.builders.billing import NEW_YEAR, own_account
from tests.builders.usage import OCTOBER, a_subscriber, an_operator, at

CLOSED_AT = at("2026-11-03T02:00")
MEMBERS = 60


def a_call(
    record_id: str, number: str, start_at: str, *, duration_s: int = 60
) -> dict[str, object]:
    return {
        "record_id": record_id, "service_number": number, "call_type": "mo",
        "other_number": "01088880001", "start_at": start_at, "duration_s": duration_s,
    }  # fmt: skip


def test_months_follow_each_other_to_the_hour_whatever_the_day_or_the_season():
    """No anchor day that February lacks, no hour twice or missing: lessons 8, 9, 11."""
    months = [Month(1992, 1).plus(number) for number in range(12 * 110)]

    for month, following in pairwise(months):
        assert month.ends_at == following.starts_at
        assert month.ends_at - month.starts_at == timedelta(hours=24 * month.days)


@pytest.mark.django_db
def test_calls_that_end_with_a_month_and_as_the_next_begins_are_billed_once_each():
    """At 23:59:59 and 00:00:00, although the database counts in UTC: lessons 10 and 13."""
    line = an_operator().subscriptions["f9"]
    rows = [
        a_call("last", line.number, "2026-10-31T23:58:59"),
        a_call("first", line.number, "2026-10-31T23:56:59", duration_s=181),
    ]

    report = usage.load(rows=rows, at=at("2026-11-01T01:00"))

    assert report.rated == 2
    close_month(month=OCTOBER, at=CLOSED_AT)
    close_month(month=OCTOBER.next, at=at("2026-12-03T02:00"))
    assert list(
        BillLine.objects.filter(subscription=line, usage_hao__isnull=False)
        .order_by("bill__month")
        .values_list("bill__month", "item", "amount_fen")
    ) == [
        (OCTOBER.first_day, "VOICE_LOCAL", 22),
        (OCTOBER.next.first_day, "VOICE_LOCAL", 33),
    ]


@pytest.mark.django_db
def test_calls_on_the_day_of_the_cancellation_are_billed():
    """Up to the moment, not up to the day before: lesson 12."""
    line = an_operator().subscriptions["f9"]
    account = own_account(line)
    subscriptions.terminate(subscription_id=line.pk, at=at("2026-10-15T18:00"))
    rows = [
        a_call("before", line.number, "2026-10-15T17:58:00"),
        a_call("after", line.number, "2026-10-15T18:00:01"),
    ]

    report = usage.load(rows=rows, at=at("2026-10-16T02:00"))

    assert (report.rated, report.rejected) == (1, {"not_active": 1})
    close_month(month=OCTOBER, at=CLOSED_AT)
    line_of_calls = BillLine.objects.get(bill__account=account, item="VOICE_LOCAL")
    assert line_of_calls.amount_fen == 22


@pytest.mark.django_db(transaction=True)
def test_what_members_use_at_once_is_what_their_pool_gave_also_of_one_that_leaves():
    """Members of equal right, files at the same time, one leaves meanwhile: lesson 22."""
    operator = an_operator()
    fixed, mobile = (operator.subscriptions[name] for name in ("f1", "m1"))
    start = Barrier(2)

    def load(name: str, number: str) -> None:
        rows = [a_call(f"{name}{day}", number, f"2026-10-{day:02}T09:00:00", duration_s=300)
                for day in range(1, 9)]  # fmt: skip
        start.wait()
        usage.load(rows=rows, name=name, at=at("2026-10-20T02:00"))
        connection.close()

    threads = [Thread(target=load, args=("f", fixed.number)),
               Thread(target=load, args=("m", mobile.number))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subscriptions.terminate(subscription_id=mobile.pk, at=at("2026-10-20T10:00"))
    usage.load(rows=[a_call("f20", fixed.number, "2026-10-20T11:00:00")], at=at("2026-10-21T02:00"))

    pool = Pool.objects.get(bundle=operator.bundles["b1"], month=OCTOBER.first_day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(quantity), sum(drawn_units) FROM billing_record")
        assert cursor.fetchone() == (17, 81, 60)
    assert (pool.minutes, pool.used) == (60, 60)


@pytest.mark.django_db
def test_one_payer_of_many_pays_the_sum_of_what_each_of_them_owes(settings):
    """Whatever the shards and the order: lesson 25."""
    settings.CLOSE_SHARDS = 3
    owner = an_operator().owner
    payer = accounts.open_unified(owner_id=owner.pk, name="统一", at=NEW_YEAR)
    many = [a_subscriber(owner, f"0106300{number:04}", "fixed", "FIXED-STD")
            for number in range(MEMBERS)]  # fmt: skip
    PayRelation.objects.filter(subscription__in=many).update(account=payer)
    calls = [
        a_call(line.number, line.number, f"2026-10-05T09:{place:02}:00", duration_s=60 + place)
        for place, line in enumerate(many)
    ]
    usage.load(rows=calls, at=at("2026-10-31T23:00"))
    month_start.start_month(month=OCTOBER, at=OCTOBER.starts_at)

    close_month(month=OCTOBER, at=CLOSED_AT)

    bill = Bill.objects.get(account=payer)
    owed = [BillLine.objects.filter(bill=bill, subscription=line) for line in many]
    assert [sorted(line.item for line in lines) for lines in owed] == [
        ["PLAN_FEE", "VOICE_LOCAL"]
    ] * MEMBERS
    assert bill.total_fen == sum(line.amount_fen for lines in owed for line in lines)
    assert not Bill.objects.filter(account__subscription__in=many).exists()
