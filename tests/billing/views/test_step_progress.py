"""A step's bar: shards done, the measured rate, and a remaining time only where it can be known."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from billing.views.step_progress import StepProgress, progress_of
from bss.kernel.batch.live import Teller, live_of
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import local_moment
from bss.kernel.progress import Mark

pytestmark = pytest.mark.django_db
AT = local_moment("2026-11-03T02:00")
NOW = AT + timedelta(seconds=40)


@pytest.fixture(autouse=True)
def nothing_was_told():
    cache.clear()


def steps_of(*ended, shards=4, state="running"):
    """A run whose first shards ended after so many seconds, with 100 bills each."""
    run = BatchRun.objects.create(kind="close_month", key="2026-10", at=AT, state=state)
    for shard in range(shards):
        is_done = shard < len(ended)
        BatchStep.objects.create(
            run=run, position=1, name="bill", shard=shard,
            state="done" if is_done else "waiting", started_at=AT,
            finished_at=AT + timedelta(seconds=ended[shard]) if is_done else None,
            report={"bills": 100} if is_done else {},
        )  # fmt: skip
    return run, list(run.steps.all())


def test_after_two_shards_the_rate_and_the_rest_are_said():
    assert progress_of(*steps_of(10, 20), now=NOW) == [
        StepProgress(label="出帐单", done=2, total=4, note="每秒 5.0 份 · 约剩 40 秒")
    ]


@pytest.mark.parametrize("ended", [(), (10,), (10, 20, 30, 40)])
def test_before_two_shards_and_at_the_end_nothing_is_said(ended):
    assert [one.note for one in progress_of(*steps_of(*ended), now=NOW)] == [""]


def test_a_run_that_is_paused_promises_nothing():
    assert [one.note for one in progress_of(*steps_of(10, 20, state="paused"), now=NOW)] == [""]


def test_a_single_step_tells_how_far_it_is_inside():
    run, (step,) = steps_of(shards=1)
    moments = iter((0.0, 5.0, 10.0))
    tell = Teller(step.pk, clock=lambda: next(moments))
    for done in (0, 500_000, 1_000_000):
        tell(Mark(name="records", done=done, total=5_000_000))
    assert progress_of(run, [step], now=NOW) == [
        StepProgress(
            label="出帐单", done=1_000_000, total=5_000_000, note="每秒 100,000 · 约剩 40 秒"
        )
    ]


def test_of_what_has_no_total_only_what_is_done_and_how_fast_is_said():
    run, (step,) = steps_of(shards=1)
    moments = iter((0.0, 5.0, 10.0))
    tell = Teller(step.pk, clock=lambda: next(moments))
    for done in (0, 500_000, 1_000_000):
        tell(Mark(name="records", done=done))
    assert progress_of(run, [step], now=NOW) == [
        StepProgress(label="出帐单", done=0, total=1, note="已处理 1,000,000 · 每秒 100,000")
    ]


def test_what_is_told_too_often_is_kept_once_a_second():
    _, (step,) = steps_of(shards=1)
    moments = iter((0.0, 0.5, 0.9, 1.0))
    tell = Teller(step.pk, clock=lambda: next(moments))
    for done in (1, 2, 3, 4):
        tell(Mark(name="records", done=done, total=9))
    assert live_of([step.pk])[step.pk].done == 4
