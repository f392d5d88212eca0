"""How much memory the work takes at most: of this process, its children, and the database's."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.05


@dataclass(slots=True)
class Memory:
    """The most that was seen. Units: MiB, without shared buffers and the disk's cache."""

    most_mib: float = 0


@contextmanager
def watched_memory(*, database_directory: Path) -> Iterator[Memory]:
    """``with watched_memory(...) as memory: ...``, then ``memory.most_mib``."""
    seen, over = Memory(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            seen.most_mib = max(seen.most_mib, _private_kib(database_directory) / 1024)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _private_kib(directory: Path) -> int:
    """Anonymous memory of this process and of the servers that live in the directory."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = int(process.name) == os.getpid() or (
                os.readlink(process / "cwd") == str(directory)
            )
            if is_ours:
                status = (process / "status").read_text()
                total += int(status.partition("RssAnon:")[2].split()[0])
        except (OSError, IndexError, ValueError):
            continue
    return total
