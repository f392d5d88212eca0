"""What the set-up tells, and how it runs other programs."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bss.embedded.errors import HouseError

LAST_LINES = 12


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a program quietly; its last words are shown only if it fails.

    Raises: HouseError.
    """
    say(f"· {doing}")
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise HouseError(f"{doing} failed: {command[0]}: {error.strerror}.") from error
    if done.returncode:
        for line in done.stdout.splitlines()[-LAST_LINES:]:
            say(f"    {line}")
        raise HouseError(f"{doing} failed ({Path(command[0]).name} ended with {done.returncode}).")
