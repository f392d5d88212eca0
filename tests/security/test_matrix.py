"""Every address of the product × every role × inside and outside of its scope: as the table says.

Real requests on one world of real data. A POST is sent empty: ``ok`` means that it got past the
guards (and was refused for what it lacks, or done); every POST is undone. What is denied writes
nothing. Who gets what is decided before a page is set: templates give nothing, except for one of
those who get the page, another one from row to row, who sees it whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.urls import resolve
from rest_framework.test import APIClient

from bss.kernel.models import Staff
from tests.builders.sign_in import force_login_proved
from tests.house.source import addresses
from tests.security import posting
from tests.security.a_world import NOBODY, NOW, a_world
from tests.security.table import COLUMNS, FILE, Row, rows

pytestmark = pytest.mark.django_db

ROWS = rows()
UNLIMITED = {"source": None, "address": None, "token": None, "notice": None}
# What is written about a request itself, whatever becomes of it.
ABOUT_THE_REQUEST = (
    "django_session",
    "identity_worksession",
    "kernel_audit",
    "axes_",
    '"last_used_at"',
)
DENIED = (401, 403, 404, 405)
# What a POST says beside its address, where it would not get past the guards with nothing.
SENT = {
    "/saved-views": {"list": "/customers/"},
    "/saved-views/{saved_view}/drop": {"list": "/customers/"},
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once for the module, and gone after it."""
    limits = {**django_settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": UNLIMITED}
    with (
        django_db_blocker.unblock(),
        override_settings(BUSINESS_TIME=NOW, REST_FRAMEWORK=limits),
        transaction.atomic(),
    ):
        yield a_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def callers(world):
    """A signed-in browser and a client with a token for each column."""
    found = {}
    for column in COLUMNS:
        browser = Client(raise_request_exception=False)
        api = APIClient(raise_request_exception=False)
        if column in world.people:
            force_login_proved(browser, world.people[column])
            api.credentials(HTTP_AUTHORIZATION=f"Token {world.tokens[column]}")
        found[column] = browser, api
    Staff.objects.filter(username="disabled").update(state="disabled", is_active=False)
    return found


@pytest.fixture(scope="module", autouse=True)
def setting() -> Iterator[None]:
    """Templates are set only ``whole``; nobody looks at what they were set with."""
    with pytest.MonkeyPatch.context() as patch:
        set_whole = Template.render
        patch.setattr(
            Template,
            "render",
            lambda *given, **more: set_whole(*given, **more) if whole.asked else "",
        )
        patch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
        yield


class Whole:
    """Inside of it, pages are set from beginning to end."""

    asked = False

    def __enter__(self) -> None:
        self.asked = True

    def __exit__(self, *_: object) -> None:
        self.asked = False


whole = Whole()


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr("billing.views.running.worker_answers", lambda: False)
    monkeypatch.setattr("bss.desk.views.health.WORKER_PATIENCE_S", 0.01)


@contextmanager
def undone():
    """Whatever happens within has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Writes(list):
    """The statements that changed a row, as they are run."""

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        about_the_request = any(name in sql for name in ABOUT_THE_REQUEST)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not about_the_request:
            self.extend([sql[:160]] * (context["cursor"].rowcount > 0))
        return result


def answer(caller, row, address):
    """The status, and the statements that wrote."""
    browser, api = caller
    client = api if address.startswith("/tmf-api/") else browser
    cookies = deepcopy(client.cookies)
    written = Writes()
    with undone(), connection.execute_wrapper(written):
        if row.method == "GET":
            response = client.get(address)
        elif client is api:
            response = client.post(address, {}, format="json")
        else:
            response = client.post(address, SENT.get(row.address, {}))
    client.cookies = cookies
    return response.status_code, written


def cell_of(world, caller, row, column):
    """What the table has to say here: a status, ``ok``, or ``inside/outside``."""
    places = ["near"]
    if row.has_places and column not in NOBODY:
        places.append(world.outside_of(column))
    said = []
    for place in places:
        status, written = answer(caller, row, row.address.format(**world.things[place]))
        assert status < 500 or row.address == "/healthz", f"{row.name} by {column}: {status}"
        if status in DENIED or column in NOBODY:
            assert written == [], f"{row.name} is denied to {column}, and yet it wrote"
        passed = row.method == "POST" and status not in DENIED and column not in NOBODY
        said.append("ok" if passed else str(status))
        if status == 403:
            break  # by the guard, which does not look at what it is about
    return "/".join(dict.fromkeys(said))


@pytest.mark.parametrize(("turn", "row"), list(enumerate(ROWS)), ids=[row.name for row in ROWS])
def test_everyone_gets_what_the_table_says(world, callers, turn, row):
    found = Row(
        row.method,
        row.address,
        tuple(cell_of(world, callers[column], row, column) for column in COLUMNS),
    )
    who_gets_it = [
        column
        for column, cell in zip(COLUMNS, found.cells, strict=True)
        if cell.startswith(("200", "ok"))
    ]
    if who_gets_it:
        column = who_gets_it[turn % len(who_gets_it)]
        with whole:
            cell = cell_of(world, callers[column], row, column)
        assert cell == found.cells[COLUMNS.index(column)], f"{row.name} by {column}, set whole"
    said = dict(zip(COLUMNS, row.cells, strict=False))
    differs = {
        column: f"{said.get(column, 'nothing')} → {cell}"
        for column, cell in zip(COLUMNS, found.cells, strict=True)
        if said.get(column) != cell
    }
    assert not differs, (
        f"{FILE.name} says otherwise ({differs}). If the answer is right, let its line be\n"
        f"{found.written()}"
    )


def test_every_address_has_its_rows():
    there = {(resolve(_sample(row.address)).route, row.method) for row in ROWS}
    missing = [
        f"{method} /{route}"
        for route, pattern in addresses()
        for method in posting.methods_of(pattern.callback)
        if (route.replace("/^", "/"), method) not in there
    ]
    assert not missing, (
        f"{FILE.name} has no row for {missing}: add a line with the method and the address "
        "(places in braces, as a_world names them), run the test, and take over the line it shows "
        "after looking at each cell."
    )


def test_every_role_has_its_column():
    heading = next(
        line
        for line in FILE.read_text(encoding="utf-8").splitlines()
        if line.startswith("# METHOD ADDRESS")
    )
    assert heading.split()[3:] == list(COLUMNS), (
        f"{FILE.name} has other columns than there are roles: say in each row what the new role "
        "gets, in this order, and where it works in a_world.PLACES."
    )
    assert [row.name for row in ROWS if len(row.cells) != len(COLUMNS)] == []


def test_no_operation_has_two_rows():
    names = [row.name for row in ROWS]
    assert sorted(set(names)) == sorted(names)


def _sample(address: str) -> str:
    """An address of this form, for the resolver alone."""
    path = address.split("?")[0]
    return path.format_map(_Samples())


class _Samples(dict):
    def __missing__(self, name: str) -> str:
        return {"month": "2026-09"}.get(name, "1")
