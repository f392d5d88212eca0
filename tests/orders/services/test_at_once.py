"""Two people at once: what one has, the other is told; nothing is done twice and nobody waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from billing.models import Charge
from bss.kernel.rulebook import RefusedError
from orders.models import Order
from orders.rules.requests import ChangeBundleOrder
from orders.services import acceptance, work_orders
from packages_wo.models import Membership
from packages_wo.services.month_start import apply_due
from tests.builders.orders import (
    NOON,
    a_company,
    a_single,
    a_source,
    a_subscription,
    accepted,
    an_opening,
    complete,
    moment,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[list[str]]:
    """Do all in threads that start together; the rules that refused each."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> list[str]:
        try:
            start.wait(timeout=10)
            act()
        except RefusedError as refused:
            return refused.rules
        finally:
            connection.close()
        return []

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_one_member_joins_one_bundle_only() -> None:
    company, channel = a_company(), a_source()
    line = a_subscription(company, "fixed")
    phones = [a_subscription(company, "m2g") for _ in range(2)]

    refused = at_once(
        *(
            lambda phone=phone: acceptance.accept(
                request=an_opening(company, line, phone), at=NOON, channel_id=channel.pk
            )
            for phone in phones
        )
    )

    assert sorted(refused) == [[], ["ELG-9"]]
    assert Membership.objects.count() == 2


def test_an_order_completed_by_two_is_completed_once() -> None:
    order = accepted(a_single(a_subscription(a_company(), "m2g"), "replace_sim"))

    refused = at_once(*(lambda: work_orders.complete(order_id=order.pk, at=NOON) for _ in range(3)))

    assert refused == [[], [], []]
    assert Charge.objects.count() == 1


def test_a_change_may_be_completed_while_the_next_one_replaces_it() -> None:
    company, channel = a_company(), a_source()
    members = [a_subscription(company, kind) for kind in ("fixed", "m2g")]
    opening = complete(accepted(an_opening(company, *members)))
    apply_due(on=moment("2026-10-01T00:00").date())
    assert opening.bundle_id is not None
    first, second = (
        ChangeBundleOrder(customer_id=company.pk, bundle_id=opening.bundle_id, tier=tier)
        for tier in (206, 306)
    )
    earlier = accepted(first, at=moment("2026-10-05T10:00"))
    later = moment("2026-10-05T11:00")

    refused = at_once(
        lambda: work_orders.complete(order_id=earlier.pk, at=later),
        lambda: acceptance.accept(request=second, at=later, channel_id=channel.pk),
    )

    earlier = Order.objects.get(pk=earlier.pk)
    assert refused[1] == []
    assert (earlier.state, refused[0]) in [("completed", []), ("cancelled", ["CHG-4"])]
