"""The demo operator: the same for the same seed, whole, and honest about what it contains."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from billing.models import Bill, DebtStop, Entry, Payment
from billing.queries.usage import usage_totals
from bss.demo import story
from bss.kernel.models import Staff
from bss.kernel.periods import Month, local_moment
from bss.scenario.scratch import nothing_lasts
from customers.models import Customer, PointsEntry, Subscription
from customers.services.registration import register_customer
from orders.models import Order
from packages_wo.models import Bundle


def tell(**options: object) -> None:
    call_command(
        "demo", customers=12, months=1, through=Month(2026, 10), stdout=StringIO(), **options
    )


def fingerprint() -> dict[str, str]:
    """What a person would notice: names, numbers, states, amounts."""
    rows = {
        "customers": Customer.objects.values_list("name", "area", "listed"),
        "subscriptions": Subscription.objects.values_list("number", "service", "state"),
        "bills": Bill.objects.values_list("account__name", "month", "total_fen", "paid_fen"),
        "payments": Payment.objects.values_list("at", "amount_fen", "means"),
        "orders": Order.objects.values_list("customer__name", "accepted_at", "state"),
    }
    return {
        **{
            what: hashlib.sha256(repr(sorted(found)).encode()).hexdigest()
            for what, found in rows.items()
        },
        "usage": json.dumps(usage_totals(), sort_keys=True),
    }


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_story_and_the_books_balance() -> None:
    # when
    seen: list[dict[str, str]] = []
    for seed in (7, 7):
        with nothing_lasts():
            tell(seed=seed)
            seen.append(fingerprint())
            check_what_is_there()

    # then
    assert seen[0] == seen[1]


def check_what_is_there() -> None:
    usage = usage_totals()
    assert usage["records"] == usage["rated"] + sum(usage["rejected"].values())
    assert usage["rated"] > 1000
    assert sum(Entry.objects.values_list("amount_fen", flat=True)) == 0
    assert Bill.objects.filter(paid_fen__gt=0).exists()
    assert PointsEntry.objects.filter(kind="earned").exists()
    assert PointsEntry.objects.filter(kind="redeemed").count() == 1
    assert Bundle.objects.filter(state="in_force").exists()
    assert Bundle.objects.filter(state="pending").exists()
    assert Order.objects.filter(state="completed").exists()
    assert Order.objects.filter(state__in=["accepted", "in_progress"]).exists()
    assert Staff.objects.filter(username="clerk01", roles__code="clerk").count() == 1
    assert Staff.objects.filter(roles__code="supervisor").count() == 2  # one asks, one approves


@pytest.mark.django_db
def test_a_database_with_customers_is_left_alone() -> None:
    # given
    register_customer(
        kind="individual", name="王芳", document=None, at=local_moment("2026-01-01T10:00")
    )

    # when
    with pytest.raises(CommandError, match="goes into an empty one"):
        tell(seed=8)

    # then
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_three_months_leave_debts_stops_and_payments_that_ended_stops(monkeypatch) -> None:
    # given few calls: this is about money
    monkeypatch.setattr(story, "RECORDS_PER_LINE", 4)

    # when
    call_command("demo", customers=30, months=3, through=Month(2026, 10), seed=3, stdout=StringIO())

    # then
    assert Bill.objects.filter(paid_fen__lt=F("total_fen"), due_on__lt="2026-11-03").exists()
    assert Subscription.objects.filter(state="suspended", stop_reason="debt").exists()
    assert DebtStop.objects.filter(lifted_at__isnull=False).exists()
