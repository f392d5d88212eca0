"""Two workers at the same month start, and how many statements it takes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from packages_wo.models import BundleTerm, Membership, Pool, SubscriptionVas
from packages_wo.services import bundles
from packages_wo.services.bundles import apply_due
from tests.builders.packages import COMPLETED_AT, a_basic_pair, a_catalogue, an_accepted_bundle

OCTOBER = date(2026, 10, 1)


def a_due_bundle(customer=None, order_ref="o1"):
    customer, line, mobile = a_basic_pair(customer)
    bundle = an_accepted_bundle(customer, line, mobile, order_ref=order_ref)
    bundles.record_opened_vas(
        bundle.changes.get(), [(line.pk, "caller_id"), (mobile.pk, "caller_id")]
    )
    bundles.schedule(order_ref=order_ref, completed_at=COMPLETED_AT)
    return customer


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_apply_everything_once():
    a_catalogue()
    customer = a_due_bundle()
    a_due_bundle(customer, "o2")
    together = Barrier(2)

    def work(_):
        try:
            together.wait(timeout=10)
            return len(apply_due(on=OCTOBER).effects)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        done = sorted(workers.map(work, range(2)))

    assert done == [0, 2]
    assert BundleTerm.objects.count() == Pool.objects.count() == 2
    assert SubscriptionVas.objects.count() == 4
    assert Membership.objects.filter(state="in_force").count() == 4


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_bundles():
    a_catalogue()
    customer = a_due_bundle()
    with CaptureQueriesContext(connection) as one:
        apply_due(on=OCTOBER)
    for number in range(2, 8):
        a_due_bundle(customer, f"o{number}")

    with CaptureQueriesContext(connection) as six:
        done = apply_due(on=OCTOBER)

    assert len(done.effects) == 6
    assert len(six) == len(one)
