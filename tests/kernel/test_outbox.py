from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from bss.kernel import outbox
from bss.kernel.models import OutboxEvent
from bss.kernel.periods import BUSINESS_ZONE

AT = datetime(2026, 10, 1, tzinfo=BUSINESS_ZONE)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(outbox, "_nudge", lambda: None)


@pytest.mark.django_db
def test_event_reaches_its_handler_once_with_its_moment():
    heard = []
    outbox.announce("line.stopped", {"subscription_id": 7}, at=AT)

    handled = outbox.drain({"line.stopped": [lambda **facts: heard.append(facts)]})
    again = outbox.drain({"line.stopped": [lambda **facts: heard.append(facts)]})

    assert (handled, again) == (1, 0)
    assert heard == [{"at": AT, "subscription_id": 7}]


@pytest.mark.django_db
def test_events_are_handled_in_the_order_they_were_written():
    heard = []
    outbox.announce_many("tick", [{"n": 1}, {"n": 2}, {"n": 3}], at=AT)

    outbox.drain({"tick": [lambda *, at, n: heard.append(n)]}, limit=2)

    assert heard == [1, 2]
    assert OutboxEvent.objects.filter(handled_at=None).count() == 1


@pytest.mark.django_db
def test_failed_handler_leaves_no_half_work_and_does_not_hold_up_the_others():
    def spoil(*, at, n):
        OutboxEvent.objects.create(name="half work", at=at)
        if n == 1:
            raise RuntimeError("line is busy")

    outbox.announce_many("tick", [{"n": 1}, {"n": 2}], at=AT)

    outbox.drain({"tick": [spoil]})

    failed, done = OutboxEvent.objects.filter(name="tick").order_by("id")
    assert (failed.handled_at, failed.attempts) == (None, 1)
    assert failed.last_error == "RuntimeError: line is busy"
    assert failed.retry_after is not None
    assert done.handled_at is not None
    assert OutboxEvent.objects.filter(name="half work").count() == 1


@pytest.mark.django_db
def test_failed_event_is_tried_again_when_its_pause_is_over():
    def fail(*, at):
        raise RuntimeError

    event = outbox.announce("tick", {}, at=AT)
    outbox.drain({"tick": [fail]})
    OutboxEvent.objects.update(retry_after=AT)

    assert outbox.drain({"tick": [lambda *, at: None]}) == 1

    event.refresh_from_db()
    assert event.handled_at is not None


@pytest.mark.django_db
def test_scenario_sees_the_failure_itself():
    def fail(*, at):
        raise RuntimeError("no")

    outbox.announce("tick", {}, at=AT)

    with pytest.raises(RuntimeError, match="no"):
        outbox.drain({"tick": [fail]}, reraise=True)


@pytest.mark.django_db(transaction=True)
def test_many_events_of_one_transaction_nudge_once(monkeypatch):
    nudges = []

    def nudge():
        nudges.append(1)

    monkeypatch.setattr(outbox, "_nudge", nudge)
    with transaction.atomic():
        outbox.announce("a", {}, at=AT)
        outbox.announce("b", {}, at=AT)

    assert nudges == [1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_events_without_doing_one_twice():
    heard = []
    outbox.announce_many("tick", [{"n": n} for n in range(40)], at=AT)
    start = Barrier(2)

    def work():
        start.wait()
        outbox.drain({"tick": [lambda *, at, n: heard.append(n)]})
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(heard) == list(range(40))
