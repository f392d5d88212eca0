"""One operator for all attacks; each test's doings are taken back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bss.scenario.scratch import nothing_lasts
from tests.builders.sign_in import force_login_proved
from tests.security.attacks.house import BUSINESS_TIME, ROLES, Walk, a_small_operator, person, walk


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The room's transaction stands around its tests, in place of one around each of them."""


@pytest.fixture(scope="package")
def operator(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo in small, in a transaction that is rolled back when the room is left."""
    patch = pytest.MonkeyPatch()
    patch.setattr("django.conf.settings.BUSINESS_TIME", BUSINESS_TIME)
    patch.setattr("django.test.Client.force_login", force_login_proved)
    with django_db_blocker.unblock(), nothing_lasts():
        a_small_operator()
        yield
    patch.undo()


@pytest.fixture(scope="package")
def walks(operator: None) -> dict[str, Walk]:
    """What each role's person comes across."""
    return {role: walk(person(role)) for role in ROLES}


@pytest.fixture(autouse=True)
def taken_back(operator: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), nothing_lasts():
        yield


@pytest.fixture(autouse=True)
def nothing_waits_in_a_broken_transaction() -> Iterator[None]:
    yield
    assert not transaction.get_rollback(), "an attack left the transaction broken"
