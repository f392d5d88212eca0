"""The test run's own PostgreSQL and Valkey: started before any settings are read, gone at its end.

However the run ends (also by a signal), its lock goes with it and the keeper clears up.
"""

import os
from collections.abc import Generator

import pytest

from bss.embedded.attach import throw_away_servers
from bss.embedded.errors import HouseError
from bss.embedded.locks import FileLock
from bss.embedded.places import CHECKOUT
from bss.embedded.setup.assets import FONT_LIST

OTHER_SERVERS = ("DATABASE_URL", "REDIS_URL", "BUSINESS_TIME")
in_use: list[FileLock] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    try:
        places, lock = throw_away_servers()
    except HouseError as error:
        raise pytest.UsageError(str(error)) from None
    in_use.append(lock)
    for name in OTHER_SERVERS:
        os.environ.pop(name, None)
    os.environ["BSS_DATA"] = str(places.root)
    fonts = CHECKOUT / FONT_LIST
    if fonts.exists():
        os.environ.setdefault("FONTCONFIG_FILE", str(fonts))  # browsers show Chinese
    return (yield)
