"""How many queries the accounts' lists ask: the same for three rows and for twelve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bss.identity.services.sub_accounts import follow_roles
from bss.kernel.models import Organisation
from tests.builders.accounts import (
    MORNING,
    WHY,
    a_province,
    a_system,
    at_work,
    place,
    two_officers,
)

pytestmark = pytest.mark.django_db
LISTS = (
    "/identity/staff/",
    "/identity/organisations/",
    "/identity/sub-accounts/",
    "/identity/systems/",
)


def add_rows(first: int, last: int) -> None:
    for number in range(first, last):
        Organisation.objects.create(
            code=f"HALL-{number}", name=f"测试{number}厅", level="hall", parent=place("HE0311")
        )
        a_system(f"S{number}")
        clerk = at_work("clerk", number=f"clerk{number:02d}", where=f"HALL-{number}")
        follow_roles(clerk, at=MORNING, by_id=None, reason=WHY)


def asked(client) -> dict[str, int]:
    counts = {}
    for address in LISTS:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts[address] = len(queries)
    return counts


@pytest.mark.usefixtures("still_clock")
def test_no_list_asks_more_for_twelve_rows_than_for_three(client) -> None:
    a_province()
    a_system()
    client.force_login(two_officers()[0])
    add_rows(0, 3)
    three = asked(client)
    add_rows(3, 12)

    assert asked(client) == three
