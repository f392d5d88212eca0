"""Runs: listed with time and speed; one with its steps, failures, orders, and those before it."""

from datetime import timedelta

import pytest

from billing.views.run_words import KINDS
from bss.kernel import audit
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import local_moment
from bss.wiring import RUNS
from tests.billing.views.house import a_member_of_staff

pytestmark = pytest.mark.django_db
AT = local_moment("2026-11-03T02:00")


def a_run(month, *, seconds, bills, kind="close_month"):
    run = BatchRun.objects.create(kind=kind, key=month, at=AT, state="done")
    ended = AT + timedelta(seconds=seconds)
    BatchRun.objects.filter(pk=run.pk).update(started_at=AT, finished_at=ended)
    for shard in range(2):
        BatchStep.objects.create(
            run=run, position=1, name="bill", shard=shard, state="done",
            started_at=AT, finished_at=ended, report={"bills": bills // 2, "total_fen": 100},
        )  # fmt: skip
    return run


@pytest.fixture
def operator_page(client):
    client.force_login(a_member_of_staff("batch_operator"))
    return client


def test_the_runs_are_listed_with_time_and_speed_and_filtered(operator_page):
    a_run("2026-10", seconds=20, bills=4000)
    a_run("2026-09", seconds=90, bills=900, kind="print_bills")
    page = operator_page.get("/billing/runs/?sort=run")
    assert [row[1:] for row in page.context["rows"]] == [
        ("出帐", "20 秒", 200),
        ("批量打印帐单", "1 分 30 秒", None),
    ]
    only = operator_page.get("/billing/runs/?month=2026-09&kind=print_bills&state=done")
    assert [row[0].key for row in only.context["rows"]] == ["2026-09"]
    assert "出帐 2026-10" in operator_page.get("/billing/runs/?export=csv").text


def test_a_run_shows_its_steps_its_failures_and_who_ordered_what(operator_page):
    run = a_run("2026-10", seconds=20, bills=4000)
    BatchStep.objects.create(
        run=run, position=2, name="pay", state="parked", attempts=5, last_error="ZeroDivisionError"
    )
    staff = a_member_of_staff("supervisor")
    audit.record(action="batch.pause", subject="close_month:2026-10", staff_id=staff.pk, at=AT)
    page = operator_page.get(f"/billing/runs/{run.pk}")
    sums = [(word, one.done, one.shards, one.attempts) for one, word, _ in page.context["sums"]]
    assert sums == [("出帐单", 2, 2, 0), ("账本扣款", 0, 1, 5)]
    assert [(entry.staff, word) for entry, word in page.context["orders"]] == [(staff, "暂停")]
    assert "ZeroDivisionError" in page.text
    assert page.context["rate"] == 200


def test_the_charts_compare_the_last_runs_of_its_kind(operator_page):
    a_run("2026-08", seconds=40, bills=4000)
    a_run("2026-09", seconds=90, bills=900, kind="print_bills")
    run = a_run("2026-10", seconds=20, bills=4000)
    context = operator_page.get(f"/billing/runs/{run.pk}").context
    assert context["durations"] == [("2026-08", 40), ("2026-10", 20)]
    assert context["unit"] == "秒"
    assert context["rates"] == [("2026-08", 100), ("2026-10", 200)]


def test_short_runs_are_drawn_in_milliseconds(operator_page):
    run = a_run("2026-10", seconds=0.4, bills=40)
    context = operator_page.get(f"/billing/runs/{run.pk}").context
    assert (context["durations"], context["unit"]) == ([("2026-10", 400)], "毫秒")


def test_a_run_that_goes_on_has_no_time_yet(operator_page):
    run = BatchRun.objects.create(kind="close_month", key="2026-10", at=AT)
    page = operator_page.get("/billing/runs/")
    assert [row[2:] for row in page.context["rows"]] == [("—", None)]
    assert operator_page.get(f"/billing/runs/{run.pk}").status_code == 200


def test_every_run_that_workers_take_part_in_has_a_name():
    assert set(RUNS) - set(KINDS) == set()
