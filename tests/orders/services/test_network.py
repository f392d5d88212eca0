"""Stops and restores in the network: once for each change, the last change wins, in order."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.kernel.errors import BadInputError
from bss.kernel.outbox import drain
from bss.wiring import EVENTS
from customers.models import Subscription
from customers.services import subscriptions
from orders.models import NetworkOrder
from orders.provisioning.protocol import Answer, Command
from orders.services import network
from tests.builders.orders import NOON, a_company, a_subscription, moment

pytestmark = pytest.mark.django_db

NOW = moment("2026-09-10T12:00:30")
HOUR = timedelta(hours=1)


class Platform:
    """Gives its answers in turn, the last for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.answer = Answer(done=True)
        self.asked: list[Command] = []

    def execute(self, command: Command) -> Answer:
        self.asked.append(command)
        self.answer = next(self.answers, self.answer)
        return self.answer


@pytest.fixture
def line() -> Subscription:
    return a_subscription(a_company(), "fixed")


def stop(*lines: Subscription, at: datetime = NOON) -> None:
    ids = [one.pk for one in lines]
    subscriptions.suspend(subscription_ids=ids, reason="debt", at=at)


def restore(*lines: Subscription, at: datetime = NOON + HOUR) -> None:
    subscriptions.lift_stop(subscription_ids=[one.pk for one in lines], at=at)


def told() -> None:
    drain(EVENTS, reraise=True)


def run(platform: Platform, *, now: datetime = NOW) -> int:
    return network.execute(network.claim(now=now), platform=platform, at=NOON, now=now)


def states() -> list[tuple[str, str]]:
    return list(NetworkOrder.objects.order_by("change").values_list("type", "state"))


def test_a_stop_and_its_end_reach_the_network(line: Subscription) -> None:
    platform = Platform()

    stop(line)
    told()
    assert run(platform) == 1
    restore(line)
    told()
    assert run(platform) == 1

    assert [(one.type, one.number) for one in platform.asked] == [
        ("stop", line.number),
        ("restore", line.number),
    ]
    assert states() == [("stop", "done"), ("restore", "done")]
    first = NetworkOrder.objects.order_by("change")[0]
    assert (first.reason, first.asked_at, first.done_at) == ("debt", NOON, NOON)


def test_what_is_pre_terminated_leaves_the_network(line: Subscription) -> None:
    stop(line)
    subscriptions.pre_terminate(subscription_ids=[line.pk], at=NOON + HOUR)
    told()

    assert states() == [("stop", "cancelled"), ("remove", "ready")]


def test_the_same_news_twice_opens_one(line: Subscription) -> None:
    stop(line)
    told()

    again = network.open_for(type_="stop", subscription_ids=[line.pk], at=NOON)

    assert (again, states()) == (0, [("stop", "ready")])


def test_a_restore_supersedes_a_stop_that_was_not_begun(line: Subscription) -> None:
    platform = Platform()
    stop(line)
    restore(line)
    told()

    run(platform)

    assert [one.type for one in platform.asked] == ["restore"]
    assert states() == [("stop", "cancelled"), ("restore", "done")]


def test_news_of_a_stop_that_comes_behind_its_end_changes_nothing(line: Subscription) -> None:
    stop(line)
    restore(line)
    network.open_for(type_="restore", subscription_ids=[line.pk], at=NOON + HOUR)
    network.open_for(type_="stop", subscription_ids=[line.pk], at=NOON)

    assert states() == [("stop", "cancelled"), ("restore", "ready")]


def test_a_restore_waits_for_the_stop_that_is_being_executed(line: Subscription) -> None:
    stop(line)
    told()
    stopping = network.claim(now=NOW)
    restore(line)
    told()

    assert network.claim(now=NOW) == []
    network.execute(stopping, platform=Platform(), at=NOON, now=NOW)

    assert [one.type for one in network.claim(now=NOW)] == ["restore"]


def test_a_stop_that_fails_while_its_end_waits_is_not_tried_again(line: Subscription) -> None:
    stop(line)
    told()
    stopping = network.claim(now=NOW)
    restore(line)
    told()

    busy = Platform(Answer(done=False, error="70 忙", retry=True))
    network.execute(stopping, platform=busy, at=NOON, now=NOW)

    assert states() == [("stop", "cancelled"), ("restore", "ready")]


def test_a_killed_workers_claim_comes_back(line: Subscription) -> None:
    stop(line)
    told()

    assert len(network.claim(now=NOW)) == 1
    assert network.claim(now=NOW) == []
    assert len(network.claim(now=NOW + timedelta(seconds=network.CLAIM_S))) == 1


def test_a_passing_trouble_is_tried_with_growing_pauses_and_given_up(line: Subscription) -> None:
    stop(line)
    told()
    platform = Platform(Answer(done=False, error="70 忙", retry=True))
    now, pauses = NOW, []

    for _ in range(network.ATTEMPTS):
        run(platform, now=now)
        one = NetworkOrder.objects.get()
        pauses.append((one.due_at - now).total_seconds())
        now = one.due_at

    assert pauses == [5, 10, 20, 40, network.CLAIM_S]
    assert (one.state, one.last_error, one.attempts) == ("failed", "70 忙", 5)


def test_a_failed_one_is_given_back_unless_the_line_has_changed_again(line: Subscription) -> None:
    stop(line)
    told()
    run(Platform(Answer(done=False, error="31 无此号码")))
    failed = NetworkOrder.objects.get()

    network.try_again(network_order_id=failed.pk)
    assert states() == [("stop", "ready")]

    run(Platform(Answer(done=False, error="31 无此号码")))
    restore(line)
    told()
    with pytest.raises(BadInputError, match="不需要重试"):
        network.try_again(network_order_id=failed.pk)
    assert states() == [("stop", "cancelled"), ("restore", "ready")]


def test_many_stops_are_opened_claimed_and_finished_in_as_many_statements_as_one() -> None:
    company = a_company()
    lines = [a_subscription(company, "m2g") for _ in range(12)]

    def statements(*stopped: Subscription) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            stop(*stopped)
            told()
            run(Platform())
        return len(asked)

    assert statements(lines[0]) == statements(*lines[1:])
    assert NetworkOrder.objects.filter(state="done").count() == 12
