from datetime import datetime, time

import pytest
from django.db import connection, connections

from bss.kernel.models import ScheduledRun
from bss.kernel.periods import BUSINESS_ZONE
from bss.kernel.schedule import SCHEDULE_LOCK, Daily, Every, Job, Monthly, run_due

MONTH_START = Monthly(1, time(0))
ISSUE = Monthly(3, time(2))
CREDIT = Daily(time(1))


def local(*parts):
    return datetime(*parts, tzinfo=BUSINESS_ZONE)


@pytest.mark.parametrize(
    ("rule", "moment", "latest", "following"),
    [
        (MONTH_START, local(2026, 10, 1), local(2026, 10, 1), local(2026, 11, 1)),
        (MONTH_START, local(2026, 12, 31, 23, 59), local(2026, 12, 1), local(2027, 1, 1)),
        (ISSUE, local(2026, 10, 3, 1, 59), local(2026, 9, 3, 2), local(2026, 10, 3, 2)),
        (CREDIT, local(2026, 3, 1, 0, 30), local(2026, 2, 28, 1), local(2026, 3, 1, 1)),
        (Every(15), local(2026, 3, 1, 0, 44), local(2026, 3, 1, 0, 30), local(2026, 3, 1, 0, 45)),
    ],
)
def test_occurrences_of_a_rule(rule, moment, latest, following):
    assert rule.latest(moment) == latest
    assert rule.following(latest) == following


@pytest.fixture
def done():
    return []


@pytest.fixture
def jobs(done):
    def job(name, due, **options):
        return Job(name, due, lambda *, at: done.append((name, at)), **options)

    return (
        job("month_start", MONTH_START),
        job("credit", CREDIT),
        job("issue", ISSUE),
        job("holds", Every(5), catch_up=False),
    )


@pytest.mark.django_db
def test_new_installation_starts_with_the_latest_occurrences(jobs, done):
    run_due(jobs, at=local(2026, 10, 2, 12))

    assert done == [
        ("issue", local(2026, 9, 3, 2)),
        ("month_start", local(2026, 10, 1)),
        ("credit", local(2026, 10, 2, 1)),
        ("holds", local(2026, 10, 2, 12)),
    ]


@pytest.mark.django_db
def test_same_moment_runs_nothing_twice(jobs, done):
    run_due(jobs, at=local(2026, 10, 2, 12))
    before = list(done)

    assert run_due(jobs, at=local(2026, 10, 2, 12, 4)) == 0
    assert done == before


@pytest.mark.django_db
def test_jump_of_the_clock_catches_up_in_order(jobs, done):
    run_due(jobs, at=local(2026, 10, 31, 12))
    done.clear()

    run_due(jobs, at=local(2026, 11, 3, 3))

    assert done == [
        ("month_start", local(2026, 11, 1)),
        ("credit", local(2026, 11, 1, 1)),
        ("credit", local(2026, 11, 2, 1)),
        ("credit", local(2026, 11, 3, 1)),
        ("issue", local(2026, 11, 3, 2)),
        ("holds", local(2026, 11, 3, 3)),
    ]


@pytest.mark.django_db
def test_nothing_overtakes_a_failed_job_and_it_is_retried(done):
    broken = True

    def start_month(*, at):
        if broken:
            raise RuntimeError("disk full")
        done.append(("month_start", at))

    jobs = (
        Job("month_start", MONTH_START, start_month),
        Job("issue", ISSUE, lambda *, at: done.append(("issue", at))),
    )
    run_due(jobs, at=local(2026, 10, 2))
    assert done == [("issue", local(2026, 9, 3, 2))]
    assert ScheduledRun.objects.get(name="month_start").last_error == "RuntimeError: disk full"

    # when the cause is mended and the pause is over
    broken = False
    ScheduledRun.objects.update(retry_after=None)
    run_due(jobs, at=local(2026, 10, 4))

    assert done[1:] == [
        ("month_start", local(2026, 10, 1)),
        ("issue", local(2026, 10, 3, 2)),
    ]


@pytest.mark.django_db(transaction=True)
def test_second_worker_leaves_the_schedule_to_the_first(jobs, done):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEDULE_LOCK])

        assert run_due(jobs, at=local(2026, 10, 2)) == 0
        assert done == []
    finally:
        other.close()
    assert connection.is_usable()
