import shutil
import tempfile
from pathlib import Path

import pytest

from bss.embedded.attach import wait_until_left
from bss.embedded.places import Places


@pytest.fixture
def home():
    """A place for durable servers that their own account can enter."""
    places = Places(Path(tempfile.mkdtemp(prefix="wo-bss-house-")).resolve())
    yield places
    wait_until_left(places)
    shutil.rmtree(places.root)
