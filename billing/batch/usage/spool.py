"""Where the records of a huge load wait to be drawn: a folder on this machine's own disk."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


@contextmanager
def spool() -> Iterator[Path]:
    """An empty folder for the length of a load.

    Locks: the caller holds off other loads of this database.
    """
    clear_spool()
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        clear_spool()


def clear_spool() -> None:
    """Delete what a load left that was killed here. Locks: as ``spool``."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(settings.USAGE_SPOOL_DIR) / str(connection.settings_dict["NAME"])
