"""A world to begin with, a calm pass over the acts, and stormy ones."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from django.conf import settings

from billing.models import Account
from bss.embedded.places import Places
from tests.bench.world import BLOCK, make_world
from tests.bench.world.calls import write_calls
from tests.bench.world.changes import order_changes
from tests.builders.banks import a_mandate
from tests.builders.by_hand import a_maker
from tests.chaos.acts import FIRST_FILE, SECOND_FILE, Act
from tests.chaos.hands import ended, fork
from tests.chaos.picture import Picture, look
from tests.chaos.storm import Storm

ACCOUNTS = 40
SHARDS = 4


class CalmError(Exception):
    """Even in peace an act fails."""


def prepare(folder: Path, *, database: str) -> None:
    """The operator in October with its calls in two files, and changes ordered for November."""
    settings.CLOSE_SHARDS = SHARDS

    def work() -> None:
        make_world(accounts=ACCOUNTS, before_copies=order_changes)
        a_maker()
        for account in Account.objects.filter(pk__lt=BLOCK):
            a_mandate(account)
        write_calls(folder / "all.csv")

    _in_peace("the world", work, folder, database=database)
    head, *lines = (folder / "all.csv").read_text().splitlines(keepends=True)
    half = len(lines) // 2
    # Some of the first file comes again in the second, and some of it is no record at all.
    (folder / FIRST_FILE).write_text("".join([head, *lines[:half], "no record\n"]))
    (folder / SECOND_FILE).write_text("".join([head, *lines[half - 5 :]]))


def calm(acts: Sequence[Act], folder: Path, *, database: str) -> tuple[Picture, dict[str, float]]:
    """What the acts make of the world when nothing happens, and how long each takes."""
    usual_s = {}
    for act in acts:
        began = time.monotonic()
        _in_peace(act.name, lambda act=act: act.do(folder), folder, database=database)
        usual_s[act.name] = time.monotonic() - began
    return _picture(folder, database=database), usual_s


def storm(
    acts: Sequence[Act],
    places: Places,
    folder: Path,
    *,
    database: str,
    random: Random,
    usual_s: dict[str, float],
    until: float,
) -> tuple[Picture, Counter[str]]:
    """What they make of it in a storm, and what was killed."""
    passing = Storm(
        places=places, database=database, folder=folder, random=random, usual_s=usual_s, until=until
    )
    passing.live(acts)
    return _picture(folder, database=database), passing.kills


def _picture(folder: Path, *, database: str) -> Picture:
    file = folder / f"{database}.json"
    _in_peace("the look", lambda: file.write_text(json.dumps(look())), folder, database=database)
    return {name: tuple(map(tuple, rows)) for name, rows in json.loads(file.read_text()).items()}


def _in_peace(name: str, work, folder: Path, *, database: str) -> None:
    log = folder / f"{database}.log"
    pid = fork(work, database=database, log=log)
    while (code := ended(pid)) is None:
        time.sleep(0.005)
    if code:
        raise CalmError(f"{name} fails:\n{log.read_text()[-3000:] if log.exists() else code}")
