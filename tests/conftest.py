"""What every test leaves behind: nothing."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from _pytest.terminal import TerminalReporter
from django.apps import AppConfig
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from billing.models import Reason
from tests.builders.sign_in import force_login_proved
from tests.emptying import sql_flush

# A busy machine is no fault of what it tests.
hypothesis_settings.register_profile(
    "house", hypothesis_settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")
DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]

FIGURE = "figure"
# Usage has no model, so that the emptying of tables after a committing test passes it by.
WITHOUT_A_MODEL = "billing_record, billing_drawn, billing_known_ids, billing_record_terms"

DEAR_TO_SET_UP = ("tests/security/attacks/", "tests/security/test_matrix.py")

# What migrations brought, as it was before the tables were emptied for the first time.
BROUGHT: list[Reason] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is dear to set up comes first: a worker takes over from the end of another's queue."""
    items.sort(key=_how_dear)


@pytest.fixture(autouse=True)
def tables_are_as_migrations_left_them(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends before a committing test's tables are emptied, which ``bring_back`` follows."""
    if not _commits(request):
        yield
        return
    request.getfixturevalue("django_db_setup")
    reachable = request.getfixturevalue("django_db_blocker").unblock
    with reachable():
        BROUGHT[:] = BROUGHT or Reason.objects.all()
    yield
    with reachable(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {WITHOUT_A_MODEL}")


@receiver(post_migrate)
def bring_back(sender: AppConfig, **_: object) -> None:
    """Emptying the tables ends with this signal for every app."""
    if sender.label == "billing" and BROUGHT:
        Reason.objects.bulk_create(BROUGHT, ignore_conflicts=True)


@pytest.fixture(autouse=True)
def who_is_let_in_has_proved_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """``client.force_login(staff)`` stands for a whole sign-in, which step-up accepts."""
    monkeypatch.setattr(Client, "force_login", force_login_proved)


@pytest.fixture(autouse=True)
def the_language_is_the_houses_again() -> Iterator[None]:
    """A request leaves the language of its reader to the thread; only the next one sets its own."""
    yield
    translation.deactivate()


@pytest.fixture
def still_clock(settings) -> None:
    """Business time stands still: it is asked of nobody, so queries can be counted."""
    settings.BUSINESS_TIME = "2026-11-10T10:00"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Note a figure that the run prints at its end: what was tried, what came of it."""
    return partial(record_property, FIGURE)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    done = (report for reports in terminalreporter.stats.values() for report in reports)
    for report in done:
        for name, text in getattr(report, "user_properties", ()):
            if name == FIGURE and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {text}")


def _how_dear(item: pytest.Item) -> int:
    begins = [item.nodeid.startswith(place) for place in DEAR_TO_SET_UP]
    return begins.index(True) if any(begins) else len(begins)


def _commits(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(request.fixturenames)
