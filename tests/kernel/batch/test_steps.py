"""Batch runs: every step once, failures retried and parked, the rest goes on."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from bss.kernel.batch import failures, orders, sweep
from bss.kernel.batch.claims import begin_step
from bss.kernel.batch.steps import Step, run_steps, work
from bss.kernel.clock import real_now
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry, BatchRun, BatchStep, Notice
from bss.kernel.periods import local_moment
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

AT = local_moment("2026-11-03T02:00")


class Work:
    """Steps that note what they did; ``breaks`` says which fail, and how often."""

    def __init__(self):
        self.did, self.breaks = [], {}

    def step(self, name, shards=1):
        def do(*, shard, shards, at):
            if self.breaks.get((name, shard), 0) > 0:
                self.breaks[name, shard] -= 1
                raise ValueError(f"{name}/{shard} is poisoned")
            self.did.append(f"{name}/{shard}")
            return {"done": 1, "digest": "abc"}

        return Step(name=name, do=do, shards=shards)


@pytest.fixture
def works():
    return Work()


@pytest.fixture
def steps(works):
    return [works.step("rate"), works.step("bill", 3), works.step("pay", 3), works.step("sum")]


def run(steps, **options):
    return run_steps(kind="test", key="2026-10", at=AT, steps=steps, **options)


def states():
    return [f"{step.name}/{step.shard} {step.state}" for step in BatchStep.objects.all()]


def due_now():
    BatchStep.objects.update(retry_at=real_now() - timedelta(seconds=1))


def test_every_step_is_done_once_in_order(works, steps):
    done = run(steps)
    run(steps)

    assert done.state == BatchRun.State.DONE
    assert works.did == ["rate/0", "bill/0", "bill/1", "bill/2", "pay/0", "pay/1", "pay/2", "sum/0"]
    assert {str(step.report) for step in BatchStep.objects.all()} == {"{'done': 1}"}
    entry = AuditEntry.objects.get(action="test.bill", detail__shard=1)
    assert entry.detail == {"done": 1, "digest": "abc", "shard": 1, "shards": 3}


def test_a_failure_leaves_the_rest_of_its_position_done_and_is_told(works, steps):
    works.breaks["bill", 1] = 1
    with pytest.raises(ValueError, match="bill/1 is poisoned"):
        run(steps)

    assert works.did == ["rate/0", "bill/0", "bill/2"]
    failed = BatchStep.objects.get(name="bill", shard=1)
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert failed.last_error == "ValueError: bill/1 is poisoned"
    assert 3 < (failed.retry_at - real_now()).total_seconds() < 5


def test_a_person_who_asks_again_does_not_wait_for_the_pause(works, steps):
    works.breaks["bill", 1] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps)
    assert run(steps).state == BatchRun.State.DONE
    assert works.did[3:] == ["bill/1", "pay/0", "pay/1", "pay/2", "sum/0"]


def test_by_itself_a_step_waits_for_its_pause(works, steps):
    works.breaks["bill", 1] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps, again=False)
    waiting = run(steps, again=False)
    assert (waiting.state, len(works.did)) == (BatchRun.State.RUNNING, 3)
    due_now()
    assert run(steps, again=False).state == BatchRun.State.DONE


def test_a_poisoned_shard_is_parked_and_the_others_go_on(works, steps):
    a_staff("supervisor")
    works.breaks["bill", 1] = failures.ATTEMPTS
    for _ in range(failures.ATTEMPTS - 1):
        with pytest.raises(ValueError, match="poisoned"):
            run(steps, again=False)
        due_now()
    stuck = run(steps, again=False)

    assert stuck.state == BatchRun.State.FAILED
    assert works.did == ["rate/0", "bill/0", "bill/2", "pay/0", "pay/2"]
    assert states() == [
        "rate/0 done", "bill/0 done", "bill/1 parked", "bill/2 done",
        "pay/0 done", "pay/1 waiting", "pay/2 done", "sum/0 waiting",
    ]  # fmt: skip
    assert Notice.objects.get().text["facts"] == {"run": "test 2026-10", "step": "bill/1"}

    assert run(steps).state == BatchRun.State.DONE
    assert works.did[5:] == ["bill/1", "pay/1", "sum/0"]


def test_a_parked_step_that_all_others_need_holds_everything_up(works, steps):
    works.breaks["rate", 0] = failures.ATTEMPTS
    for _ in range(failures.ATTEMPTS - 1):
        with pytest.raises(ValueError, match="poisoned"):
            run(steps, again=False)
        due_now()
    assert run(steps, again=False).state == BatchRun.State.FAILED
    assert works.did == []


def test_a_step_whose_worker_dies_with_it_every_time_is_parked(works, steps):
    alone = steps[:1]
    begun = run(alone)
    BatchRun.objects.update(state=BatchRun.State.RUNNING)
    BatchStep.objects.update(state=BatchStep.State.WAITING)
    for deaths in range(failures.ATTEMPTS):
        assert BatchStep.objects.get().attempts == deaths
        BatchStep.objects.update(started_at=real_now() - timedelta(minutes=1), retry_at=None)
        BatchStep.objects.update(state=BatchStep.State.WAITING)
        begin_step(begun, alone)  # and is gone
    step = BatchStep.objects.get()
    assert (step.state, step.last_error) == (BatchStep.State.PARKED, failures.DIED)


def test_a_paused_run_goes_on_when_it_is_resumed(works, steps):
    works.breaks["bill", 0] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps)
    person = a_staff()
    paused = orders.pause(BatchRun.objects.get().pk, by_id=person.pk, at=AT)
    assert run(steps).state == BatchRun.State.PAUSED
    assert works.did == ["rate/0", "bill/1", "bill/2"]

    orders.resume(paused.pk, by_id=person.pk, at=AT)
    assert run(steps).state == BatchRun.State.DONE
    told = AuditEntry.objects.filter(action__startswith="batch.").order_by("pk")
    assert [entry.action for entry in told] == ["batch.pause", "batch.resume"]


def test_a_run_is_cancelled_only_before_anything_is_done(works, steps):
    person = a_staff()
    works.breaks["rate", 0] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps)
    found = BatchRun.objects.get()
    assert orders.cancel(found.pk, by_id=person.pk, at=AT).state == BatchRun.State.CANCELLED
    assert run(steps, again=False).state == BatchRun.State.CANCELLED
    works.breaks["bill", 0] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps)
    with pytest.raises(BadInputError, match="已有步骤完成"):
        orders.cancel(found.pk, by_id=person.pk, at=AT)
    with pytest.raises(BadInputError, match="没有暂停"):
        orders.resume(found.pk, by_id=person.pk, at=AT)


def test_what_nobody_holds_is_offered_and_a_turn_ends(works, steps):
    registry = {"test": lambda found: steps}
    works.breaks["bill", 0] = 1
    with pytest.raises(ValueError, match="poisoned"):
        run(steps, again=False)
    assert list(sweep.runs_to_help(registry)) == []
    due_now()
    pk = BatchRun.objects.get().pk
    assert list(sweep.runs_to_help(registry)) == [(pk, 1)]

    assert sweep.take_part(pk, registry, for_s=0)
    assert len(works.did) == 3
    assert not sweep.take_part(pk, registry, for_s=60)
    assert BatchRun.objects.get().state == BatchRun.State.DONE
    assert list(sweep.runs_to_help(registry)) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_shards(works):
    both = Barrier(2, timeout=30)

    def do(*, shard, shards, at):
        both.wait()
        works.did.append(shard)
        return {}

    steps = [Step(name="bill", do=do, shards=2)]

    def one():
        try:
            run(steps)
        finally:
            connection.close()

    workers = [Thread(target=one) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(works.did) == [0, 1]
    assert work(BatchRun.objects.get(), steps) is None
    assert BatchRun.objects.get().state == BatchRun.State.DONE
