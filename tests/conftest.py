"""What every test leaves behind: nothing."""

from collections.abc import Iterator

import pytest
from django.db import connection

# Usage has no model, so that the emptying of tables after a committing test passes it by.
WITHOUT_A_MODEL = "billing_usage, billing_rated_usage, billing_usage_id"


@pytest.fixture(autouse=True)
def usage_is_emptied_too(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up before the database's own fixtures, so that it ends after them."""
    yield
    if _commits(request):
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {WITHOUT_A_MODEL}")


def _commits(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(request.fixturenames)
