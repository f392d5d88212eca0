import pytest

from bss.kernel.outbox import announce, drain
from bss.kernel.periods import local_moment
from bss.wiring import EVENTS, SCHEDULE
from orders.models import NumberResource, Order
from orders.services import resources
from tests.builders.orders import (
    NOON,
    a_company,
    a_single,
    a_subscription,
    accepted,
)


def due_between(start: str, end: str) -> list[tuple[str, str]]:
    """What of the schedule, but for the sweeps, is due in a span of time."""
    until = local_moment(end)
    found = []
    for place, job in enumerate(SCHEDULE):
        if not job.catch_up:
            continue
        moment = job.due.following(job.due.latest(local_moment(start)))
        while moment <= until:
            found.append((moment, place, job.name))
            moment = job.due.following(moment)
    return [(f"{moment:%m-%d %H:%M}", name) for moment, _, name in sorted(found)]


MONTH = ("month_start", "credit_run", "rehearsal", "close_month")


def test_the_month_starts_before_the_credit_run_is_rehearsed_and_closes_on_the_third() -> None:
    due = due_between("2026-10-31T02:00", "2026-11-03T12:00")
    assert [(moment, name) for moment, name in due if name in MONTH] == [
        ("11-01 00:00", "month_start"),
        ("11-01 01:00", "credit_run"),
        ("11-02 01:00", "credit_run"),
        ("11-02 04:00", "rehearsal"),
        ("11-03 01:00", "credit_run"),
        ("11-03 02:00", "close_month"),
    ]


def test_jobs_and_events_have_their_own_names() -> None:
    names = [job.name for job in SCHEDULE]

    assert len(set(names)) == len(names)
    assert all(EVENTS.values())


@pytest.mark.django_db
def test_orders_of_a_bundle_that_ended_for_debt_lapse_by_the_event() -> None:
    order = accepted(a_single(a_subscription(a_company(), "fixed"), "hold"))
    at = local_moment("2026-10-01T00:00")
    announce("bundle.orders_lapsed", {"order_refs": [order.code]}, at=at)

    drain(EVENTS, reraise=True)

    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.cancelled_by_rule, order.cancelled_at) == (
        Order.State.CANCELLED,
        "CRD-4",
        at,
    )


@pytest.mark.django_db
def test_a_pre_terminated_number_goes_into_quarantine() -> None:
    line = a_subscription(a_company(), "fixed")
    resources.add_numbers(service="fixed", area="010", numbers=[line.number])
    announce("subscription.pre_terminated", {"subscription_ids": [line.pk]}, at=NOON)

    drain(EVENTS, reraise=True)

    assert NumberResource.objects.get().state == NumberResource.State.QUARANTINED
