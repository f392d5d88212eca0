"""What all migrations make of an empty database, kept as a file, so that it is worked out once.

Every test run, scratch database and first start begins with an empty database; replaying dozens
of migrations for each takes longer than most of what follows.
"""

import hashlib
import json
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
MOST_KEPT = 6
"""Work trees of several states side by side do not take each other's away."""


def is_virgin() -> bool:
    """Whether the database has no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


@cache
def parts() -> dict[str, str]:
    """Every migration there is, and the lock of the packages whose data they read, by its digest.

    As this process found them: who edits a migration meanwhile spoils no file.
    """
    files = {"requirements": settings.BASE_DIR / "requirements" / "runtime.lock"}
    for config in apps.get_app_configs():
        for path in (Path(config.path) / "migrations").glob("*.py"):
            files[f"{config.label}/{path.name}"] = path
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())
    }


def state() -> str:
    """A short name for all of ``parts``."""
    return hashlib.sha256(json.dumps(parts()).encode()).hexdigest()[:12]


def one_at_a_time() -> FileLock | None:
    """Held while a blueprint is drawn; None where nothing can be kept."""
    try:
        KEPT.mkdir(exist_ok=True)
        lock = FileLock(KEPT / "drawing")
    except OSError:
        return None
    lock.wait()
    return lock


def is_kept() -> bool:
    """Whether there is a file of exactly these migrations: then nobody has to be waited for."""
    return (KEPT / f"{state()}.json").exists()


def lay_down() -> bool:
    """Make the virgin database what a kept file says; False when some migrations are left to run.

    A file of fewer migrations fits as well, when they are all unchanged.
    """
    for state, file in _kept():
        if state.items() <= parts().items():
            connection.close()
            try:
                dumps.replay(file)
            except (BadInputError, HouseError, OSError):
                return False
            return state == parts()
    return False


def keep() -> None:
    """Keep what the database is now, for the next; where it cannot be kept, nothing is.

    The listing comes last and at once: who finds it finds its file whole.
    """
    with suppress(BadInputError, HouseError, OSError):
        dumps.back_up(KEPT / f"{state()}.dump")
        unfinished = KEPT / f"{state()}.new"
        unfinished.write_text(json.dumps(parts()))
        unfinished.replace(KEPT / f"{state()}.json")
        by_age = sorted(KEPT.glob("*.json"), key=lambda listing: listing.stat().st_mtime)
        for old in by_age[:-MOST_KEPT]:
            old.unlink()
            old.with_suffix(".dump").unlink(missing_ok=True)


def _kept() -> list[tuple[dict[str, str], Path]]:
    """The migrations each kept file stands for, and the file; those with most of them first."""
    found = []
    for listing in KEPT.glob("*.json"):
        with suppress(FileNotFoundError):  # a newer state has just taken its place
            found.append((json.loads(listing.read_text()), listing.with_suffix(".dump")))
    return sorted(found, key=lambda kept: len(kept[0]), reverse=True)
