"""The same work on the same data twice: on a copy of the benchmark's database, then on itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bss.embedded import places
from tests.durable import drop, make_copy


@contextmanager
def twin_database() -> Iterator[None]:
    """Inside, this process works on a copy, which is gone afterwards."""
    own, here = connection.settings_dict["NAME"], places.current()
    twin = f"{own}_twin"
    connection.close()
    make_copy(here, twin, template=own)
    connection.settings_dict["NAME"] = twin
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        drop(here, twin)
