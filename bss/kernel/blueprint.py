"""What all migrations make of an empty database, kept as a file, so that it is worked out once.

Every test run, scratch database and first start begins with an empty database; replaying dozens
of migrations for each takes longer than most of what follows.
"""

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from bss.embedded.errors import HouseError
from bss.embedded.locks import FileLock
from bss.kernel import dumps
from bss.kernel.errors import BadInputError

KEPT = Path(sys.prefix) / "blueprints"


def is_virgin() -> bool:
    """Whether the database has no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


@cache
def state() -> str:
    """A digest of every migration there is, and of the packages whose data they read.

    As this process found them: who edits a migration meanwhile spoils no file.
    """
    digest = hashlib.sha256((settings.BASE_DIR / "requirements" / "runtime.lock").read_bytes())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def one_at_a_time() -> FileLock | None:
    """Held while a blueprint is drawn; None where nothing can be kept."""
    try:
        KEPT.mkdir(exist_ok=True)
        lock = FileLock(KEPT / "drawing")
    except OSError:
        return None
    lock.wait()
    return lock


def lay_down() -> bool:
    """Make the virgin database what the kept file says; False when there is none that fits."""
    file = _file()
    if not file.is_file():
        return False
    connection.close()
    try:
        dumps.replay(file)
    except (BadInputError, HouseError, OSError):
        return False
    return True


def keep() -> None:
    """Keep what the database is now, for the next; where it cannot be kept, nothing is."""
    with suppress(BadInputError, HouseError, OSError):
        for old in KEPT.glob("*.dump"):
            old.unlink()
        dumps.back_up(_file())


def _file() -> Path:
    return KEPT / f"{state()}.dump"
