"""``python -m tests.chaos``: storms until the time is over; exit 1 on any difference."""

import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from random import Random

import django

from bss.embedded.places import Places
from tests.durable import copy_of, durable_servers, environment, make_copy

WORLD, CALM = "chaos_world", "chaos_calm"
SHOWN = 20
LAST_PASS = 1.5
"""How many calm passes long the storms end before the time is over: the last one lives on."""


def main() -> int:
    ends = time.monotonic() + float(os.environ.get("CHAOS_S", "600"))
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))
    with durable_servers(prefix="wo-bss-chaos-") as places, tempfile.TemporaryDirectory() as folder:
        make_copy(places, WORLD)
        os.environ.update(environment(places, WORLD))
        django.setup()
        import_module("bss.urls")  # before the forks: none of them must import it all once more
        kills, found = _weather(places, Path(folder), ends=ends, seed=seed)
    _say(*found[:SHOWN], f"kills {kills.total()} differences {len(found)} seed {seed}")
    return 1 if found else 0


def _weather(
    places: Places, folder: Path, *, ends: float, seed: int
) -> tuple[Counter[str], list[str]]:
    """The calm first, then storms; give the kills and every difference."""
    from tests.chaos.acts import ACTS
    from tests.chaos.picture import differences
    from tests.chaos.rounds import calm, prepare, storm

    prepare(folder, database=WORLD)
    make_copy(places, CALM, template=WORLD)
    picture, usual_s = calm(ACTS, folder, database=CALM)
    _say("calm: " + ", ".join(f"{name} {took:.2f} s" for name, took in usual_s.items()))
    until = ends - LAST_PASS * sum(usual_s.values())
    random, kills, found = Random(seed), Counter[str](), []
    for number in range(1, 10_000):
        with copy_of(places, f"chaos_{number}", template=WORLD) as database:
            seen, struck = storm(
                ACTS, places, folder, database=database, random=random, usual_s=usual_s, until=until
            )
        kills += struck
        found += [f"storm {number}: {line}" for line in differences(picture, seen)]
        told = ", ".join(f"{victim} {times}" for victim, times in sorted(struck.items()))
        _say(f"storm {number}: {told or 'nothing'} killed, differences so far {len(found)}")
        if time.monotonic() > until and kills:
            return kills, found
    return kills, found


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
