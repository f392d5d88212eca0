"""The month once in peace, and once by two hosts with a cut cable and a cut off power."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from billing.models import UsageFile
from billing.queries.control_room import KIND as CLOSE
from billing.services import month_end, usage_inbox
from billing.services.usage_inbox import IN, MANIFEST
from bss.celery import app
from bss.embedded.places import Places
from bss.kernel.batch.steps import begin_run
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import local_moment
from bss.kernel.tasks import sweep_runs
from tests.bench.world import OCTOBER, make_world
from tests.bench.world.calls import write_calls
from tests.chaos.hands import ended, fork
from tests.chaos.picture import Picture, look
from tests.durable import connect
from tests.hosts.host import Host

SHARDS = 8
FIRST_FILE, SECOND_FILE = "bj-01-1.csv", "bj-01-2.csv"
LOADED_AT, CLOSED_AT = local_moment("2026-10-31T23:00"), local_moment("2026-11-03T02:00")
PATIENCE_S = 120.0
LOOK_S, SWEEP_S = 0.05, 0.5
HOLD_LOADS = "SELECT pg_advisory_xact_lock(%s)", [0x5A6E01]
SESSIONS = """
SELECT client_addr, state, wait_event_type, wait_event, clock_timestamp() - query_start,
    left(regexp_replace(query, '\\s+', ' ', 'g'), 120)
FROM pg_stat_activity WHERE datname = current_database()
"""
HELD_UP = """
SELECT host(client_addr) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND client_addr IS NOT NULL AND datname = current_database()
"""
HOLD_ACCOUNTS = "SELECT FROM billing_account WHERE mod(id, %s) = ANY(%s) FOR NO KEY UPDATE"


class StuckError(Exception):
    """What should happen does not."""


def prepare(shared: Path, *, database: str, accounts: int) -> None:
    """The operator in October with its calls in two files; some of the first come again."""
    settings.CLOSE_SHARDS = SHARDS

    def work() -> None:
        make_world(accounts=accounts)
        write_calls(shared / "all.csv")

    _do(work, shared, database=database)
    head, *lines = (shared / "all.csv").read_text().splitlines(keepends=True)
    half = len(lines) // 2
    (shared / FIRST_FILE).write_text("".join([head, *lines[:half], "no record\n"]))
    (shared / SECOND_FILE).write_text("".join([head, *lines[half - 50 :]]))


def calm(shared: Path, *, database: str) -> Picture:
    """What one process makes of it."""

    def work() -> None:
        settings.USAGE_FILES_DIR = shared / database
        for number, name in enumerate((FIRST_FILE, SECOND_FILE), start=1):
            _drop(shared, name, into=database, number=number)
            usage_inbox.take_in(at=LOADED_AT)
        _look_at_values()
        month_end.close_month(month=OCTOBER, at=CLOSED_AT)

    _do(work, shared, database=database)
    return _picture(shared, database=database)


def by_hosts(
    places: Places, hosts: Sequence[Host], shared: Path, *, database: str
) -> tuple[Picture, list[float]]:
    """What two hosts make of it, and how long it took until a lost one's step was done. Units: s.

    Raises: StuckError.
    """
    connections["default"].settings_dict["NAME"] = database
    settings.USAGE_FILES_DIR = shared / database
    _until("both hosts answer", lambda: _answering() == {host.name for host in hosts})
    for host in hosts:
        _must("the sockets are out of reach", not host.sees(places.postgres_socket))
        _must("the sockets are out of reach", not host.sees(places.valkey_socket))
    waits_s = [_load(places, hosts, shared, database), _close(places, hosts, database)]
    connections.close_all()
    return _picture(shared, database=database), waits_s


def _load(places: Places, hosts: Sequence[Host], shared: Path, database: str) -> float:
    """One file by each; but the second one's host loses its cable, and comes back too late."""
    north, south = hosts
    _listen(south, to=False)
    _drop(shared, FIRST_FILE, into=database, number=1)
    first = usage_inbox.offer(at=LOADED_AT)
    _until("north loads the first file", lambda: _is_done(first))
    _must("north did it all", _hosts_of(first) == {north.name})
    _listen(north, to=False)
    _listen(south, to=True)
    with closing(connect(places, database)) as holding, holding.cursor() as cursor:
        cursor.execute(*HOLD_LOADS)
        _drop(shared, SECOND_FILE, into=database, number=2)
        second = usage_inbox.offer(at=LOADED_AT)
        _until("south is at the second file", lambda: _held_up() == {south.address})
        south.unplug()
    cut_at = time.monotonic()
    _listen(north, to=True)
    _until("north takes the second file over", lambda: _is_done(second))
    took_s = time.monotonic() - cut_at
    load = second.steps.get(position=0)
    _must("a death was noted", (load.host, load.attempts) == (north.name, 1))
    south.plug()
    _until("south is back", lambda: _answering() == {north.name, south.name})
    _must("each file is in once", UsageFile.objects.count() == 2)
    return took_s


def _close(places: Places, hosts: Sequence[Host], database: str) -> float:
    """Both do shards; then one is switched off in the midst of a shard, its cable cut before."""
    north, south = hosts
    both, hosts_addresses = {north.name, south.name}, {north.address, south.address}
    steps = month_end.steps(OCTOBER, SHARDS)
    _look_at_values()
    with closing(connect(places, database)) as early, closing(connect(places, database)) as late:
        for holding, shards in ((early, [0, 1]), (late, [SHARDS - 2, SHARDS - 1])):
            holding.cursor().execute(HOLD_ACCOUNTS, [SHARDS, shards])
        run = begin_run(kind=CLOSE, key=str(OCTOBER), at=CLOSED_AT, steps=steps)
        _until("both hosts are at a shard", lambda: _held_up() == hosts_addresses)
        early.rollback()
        _until("all but two shards are done", lambda: _done_beside(run, south) == SHARDS - 2)
        _until("both hosts are at one of them", lambda: _held_up() == hosts_addresses)
        lost = _at(run, south)
        done = run.steps.filter(name=lost.name, state=BatchStep.State.DONE)
        _must("both hosts have done some", set(done.values_list("host", flat=True)) == both)
        south.unplug()
        south.switch_off()
    off_at = time.monotonic()
    _until("north closes the month", lambda: _is_done(run))
    took_s = time.monotonic() - off_at
    lost.refresh_from_db()
    _must("a death was noted", (lost.host, lost.attempts) == (north.name, 1))
    return took_s


def _look_at_values() -> None:
    """As autovacuum would, which these servers do without: plans need it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _at(run: BatchRun, host: Host) -> BatchStep | None:
    """The step that the host has begun and not ended."""
    begun = run.steps.filter(host=host.name, state=BatchStep.State.WAITING)
    return begun.exclude(started_at=None).first()


def _done_beside(run: BatchRun, host: Host) -> int:
    """How many shards are done of the step that the host is at."""
    step = _at(run, host)
    return 0 if step is None else run.steps.filter(name=step.name, state="done").count()


def _held_up() -> set[str]:
    """The addresses of those who are in the midst of a step and wait for a lock of ours."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_UP)
        return {address for (address,) in cursor.fetchall()}


def _hosts_of(run: BatchRun) -> set[str]:
    return set(run.steps.values_list("host", flat=True))


def _is_done(run: BatchRun) -> bool:
    run.refresh_from_db()
    return run.state == BatchRun.State.DONE


def _answering() -> set[str]:
    answers = app.control.ping(timeout=LOOK_S * 10) or []
    return {name.removeprefix("celery@") for answer in answers for name in answer}


def _listen(host: Host, *, to: bool) -> None:
    """Whether the host takes messages about runs."""
    told = {"destination": [f"celery@{host.name}"], "reply": True, "timeout": PATIENCE_S}
    order = app.control.add_consumer if to else app.control.cancel_consumer
    _must(f"{host.name} hears", bool(order("celery", limit=1, **told)))


def _until(what: str, ready: Callable[[], bool]) -> None:
    """Sweep as beat does, until it is so."""
    deadline, swept_at = time.monotonic() + PATIENCE_S, 0.0
    while not ready():
        _must(what, time.monotonic() < deadline)
        if time.monotonic() - swept_at > SWEEP_S:
            swept_at = time.monotonic()
            sweep_runs()
        time.sleep(LOOK_S)


def _must(what: str, is_so: bool) -> None:
    if not is_so:
        steps = BatchStep.objects.exclude(state=BatchStep.State.DONE)
        told = [f"{step} {step.state} {step.host} {step.last_error}" for step in steps]
        with connection.cursor() as cursor:
            cursor.execute(SESSIONS)
            sessions = [" ".join(map(str, row)) for row in cursor.fetchall()]
        raise StuckError("\n".join([f"not so: {what}", *told, *sessions]))


def _drop(shared: Path, name: str, *, into: str, number: int) -> None:
    """A switch leaves a file in the inbox, and its manifest after it."""
    inbox = shared / into / IN
    inbox.mkdir(parents=True, exist_ok=True)
    content = (shared / name).read_bytes()
    (inbox / name).write_bytes(content)
    manifest = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "records": content.count(b"\n") - 1,
        "switch": "BJ-01",
        "sequence": number,
    }
    (inbox / f"{name}{MANIFEST}").write_text(json.dumps(manifest))


def _picture(shared: Path, *, database: str) -> Picture:
    file = shared / f"{database}.json"
    _do(lambda: file.write_text(json.dumps(look())), shared, database=database)
    return {name: tuple(map(tuple, rows)) for name, rows in json.loads(file.read_text()).items()}


def _do(work: Callable[[], object], shared: Path, *, database: str) -> None:
    """In a process of its own, on a database of its own. Raises: StuckError."""
    log = shared / f"{database}.log"
    pid = fork(work, database=database, log=log)
    while (code := ended(pid)) is None:
        time.sleep(LOOK_S)
    if code:
        raise StuckError(log.read_text()[-3000:] if log.exists() else str(code))
