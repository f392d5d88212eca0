"""Join the running servers, or call up a keeper that starts them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bss.embedded import places as house
from bss.embedded.errors import HouseError
from bss.embedded.locks import FileLock
from bss.embedded.places import Places
from bss.embedded.programs import installed

LEAVE_PATIENCE_S = 90.0
KEEPER_NOTICES_S = 0.2

# Commands that work on files alone.
WITHOUT_SERVERS = frozenset(
    {"help", "version", "compilemessages", "makemessages", "collectstatic", "findstatic",
     "startapp", "startproject", "diffsettings"}
)  # fmt: skip


def attach(places: Places, *, throw_away: bool = False) -> FileLock:
    """Use the servers of ``places``, started if they do not run; close the lock to leave them.

    Raises: HouseError with the reason in one sentence.
    """
    try:
        house.ensure(places)
    except OSError as error:
        raise HouseError(f"{places.root} cannot be written: {error.strerror}.") from error
    with FileLock(places.locks / "starting"):
        in_use = FileLock(places.locks / "in-use")
        in_use.wait(shared=True)
        if not kept(places):
            try:
                _call_keeper(places, throw_away=throw_away)
            except BaseException:
                in_use.close()
                raise
        return in_use


def kept(places: Places) -> bool:
    """Whether a keeper is at work there."""
    path = places.locks / "keeper"
    if not path.exists():
        return False
    probe = FileLock(path)
    try:
        return not probe.try_now()
    finally:
        probe.close()


def wait_until_left(places: Places) -> None:
    """Wait until the servers are down; return at once when others still use them."""
    time.sleep(KEEPER_NOTICES_S)
    probe = FileLock(places.locks / "in-use")
    others_stay = probe.try_now(shared=True)
    probe.close()
    deadline = time.monotonic() + LEAVE_PATIENCE_S
    while not others_stay and kept(places) and time.monotonic() < deadline:
        time.sleep(0.05)


def throw_away_servers() -> tuple[Places, FileLock]:
    """Fresh servers without durability in a temporary place; all is gone once the lock is."""
    places = Places(Path(tempfile.mkdtemp(prefix="wo-bss-")).resolve())
    try:
        return places, attach(places, throw_away=True)
    except HouseError:
        shutil.rmtree(places.root, ignore_errors=True)
        raise


@contextmanager
def attached_servers(argv: Sequence[str]) -> Iterator[None]:
    """The servers that a ``manage.py`` command needs, for the time it runs.

    None for commands on files alone, and none where ``DATABASE_URL`` and ``REDIS_URL`` name others.
    """
    if not needs_servers(argv):
        yield
        return
    try:
        lock = attach(house.current())
    except HouseError as error:
        sys.exit(str(error))
    # psql of the same version, for `manage.py dbshell`
    os.environ["PATH"] = f"{installed().postgres_bin}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        yield
    finally:
        lock.close()


def needs_servers(argv: Sequence[str]) -> bool:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return False
    if len(argv) < 2 or argv[1] in WITHOUT_SERVERS or argv[1].startswith("-"):
        return False
    return not {"--help", "-h", "--version"} & set(argv[2:])


def _call_keeper(places: Places, *, throw_away: bool) -> None:
    command = [sys.executable, "-m", "bss.embedded.keeper", str(places.root)]
    with (places.logs / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [*command, "--throw-away"] if throw_away else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=house.CHECKOUT,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout as answers:
        answer = answers.readline().decode().strip()
    if answer != "ok":
        keeper.wait()
        raise HouseError(answer or f"The servers did not start; see {places.logs / 'keeper.log'}.")
    keeper.returncode = 0  # it outlives us: no warning about a child still running
