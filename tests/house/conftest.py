from collections.abc import Iterator

import pytest

from bss.embedded.places import Places
from tests.house.running import a_place


@pytest.fixture
def home() -> Iterator[Places]:
    """A place for durable servers that their own account can enter."""
    with a_place() as places:
        yield places
