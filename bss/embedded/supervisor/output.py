"""What the supervisor prints: its own lines, and its children's with their name before each."""

import os
import sys
import threading
from typing import IO

NAME_WIDTH = 8
_one_at_a_time = threading.Lock()


def say(line: str, *, name: str = "") -> None:
    """Print a line; where nobody reads any more (the terminal is gone), none."""
    text = f"{name:<{NAME_WIDTH}}│ {line}\n" if name else f"{line}\n"
    with _one_at_a_time:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def relay(source: IO[bytes], *, name: str) -> None:
    """Print what a child says, from a thread of its own, until it closes its output."""

    def read() -> None:
        with source:
            for line in source:
                say(line.decode(errors="replace").rstrip("\n"), name=name)

    threading.Thread(target=read, daemon=True, name=f"output of {name}").start()
