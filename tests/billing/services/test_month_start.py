"""Payers follow their bundles on the 1st, however many change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import PayRelation
from billing.services import accounts, month_start
from bss.kernel.periods import Month, local_moment
from packages_wo.rules.requests import CancelBundle
from packages_wo.services import bundles
from tests.builders.packages import COMPLETED_AT, a_basic_pair, a_catalogue, an_accepted_bundle

pytestmark = pytest.mark.django_db
OCTOBER = Month(2026, 10)
CANCELLED_AT = local_moment("2026-10-10T10:00")


@pytest.fixture(autouse=True)
def _catalogue():
    a_catalogue()


def due_bundles(count, customer=None):
    """Bundles that open with the next month, each with its unified account; by its account."""
    found = {}
    for place in range(count):
        customer, line, mobile = a_basic_pair(customer)
        for member in (line, mobile):
            accounts.open_independent(subscription_id=member.pk, at=COMPLETED_AT)
        order_ref = f"o{customer.pk}-{place}"
        bundle = an_accepted_bundle(customer, line, mobile, order_ref=order_ref)
        account = accounts.open_unified(owner_id=customer.pk, name="统一", at=COMPLETED_AT)
        accounts.link_bundle(bundle_id=bundle.pk, account_id=account.pk)
        bundles.schedule(order_ref=order_ref, completed_at=COMPLETED_AT)
        found[account] = bundle
    return found


def cancel(bundle, *plans):
    members = bundle.memberships.order_by("position").values_list("subscription_id", flat=True)
    request = CancelBundle(bundle_id=bundle.pk, new_plans=dict(zip(members, plans, strict=True)))
    bundles.accept_cancellation(request=request, order_ref=f"x{bundle.pk}", at=CANCELLED_AT)
    bundles.schedule(order_ref=f"x{bundle.pk}", completed_at=CANCELLED_AT)


def paid_by(account, month):
    now = PayRelation.objects.filter(account=account, valid_from__lte=month.starts_at)
    return now.exclude(valid_until__lte=month.starts_at).count()


def test_every_bundle_pays_for_its_own_members_and_one_that_ends_for_nobody():
    one, two, three = opened = due_bundles(3)
    month_start.start_month(month=OCTOBER, at=OCTOBER.starts_at)
    assert [paid_by(account, OCTOBER) for account in opened] == [2, 2, 2]

    cancel(opened[two], "FIXED-STD", "M2G-STD")
    month_start.start_month(month=OCTOBER.next, at=OCTOBER.next.starts_at)

    assert [paid_by(account, OCTOBER.next) for account in (one, two, three)] == [2, 0, 2]
    own = PayRelation.objects.filter(
        subscription__memberships__bundle=opened[two], valid_from=OCTOBER.next.starts_at
    )
    assert [row.account.subscription_id == row.subscription_id for row in own] == [True, True]


def test_statements_do_not_grow_with_the_bundles_whose_payers_switch():
    (first,) = due_bundles(1).values()
    with CaptureQueriesContext(connection) as one:
        month_start.start_month(month=OCTOBER, at=OCTOBER.starts_at)
    cancel(first, "FIXED-STD", "M2G-STD")
    more = due_bundles(1)
    with CaptureQueriesContext(connection) as of_one:
        month_start.start_month(month=OCTOBER.next, at=OCTOBER.next.starts_at)
    for bundle in more.values():
        cancel(bundle, "FIXED-STD", "M2G-STD")
    due_bundles(4)

    with CaptureQueriesContext(connection) as of_four:
        later = OCTOBER.next.next
        report = month_start.start_month(month=later, at=later.starts_at)

    assert report.bundles == 5
    assert len(of_four) == len(of_one)
    assert len(one) <= len(of_one)
