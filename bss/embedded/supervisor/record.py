"""What a running supervisor leaves for the next one: where it is, and its children's pids."""

import json
import os
import signal
from collections.abc import Iterable
from typing import Any

from bss.embedded import processes
from bss.embedded.places import Places


def write(places: Places, *, url: str, pids: Iterable[int]) -> None:
    path = places.locks / "supervisor.json"
    children = [[pid, processes.started_at(pid)] for pid in pids]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"url": url, "pid": os.getpid(), "children": children}))
    fresh.rename(path)


def whereabouts(places: Places) -> str:
    """Where the running one is, as a phrase."""
    known = _read(places)
    return f"{known['url']} (pid {known['pid']})" if known else "it is just starting"


def end_leftovers(places: Places) -> None:
    """End children that outlived a killed supervisor (they have the same pid and start time)."""
    known = _read(places)
    left = [pid for pid, start in known.get("children", []) if start == processes.started_at(pid)]
    processes.end(left, (signal.SIGTERM, 10))
    for pid in left:
        processes.send_group(pid, signal.SIGKILL)
    processes.end(left, (signal.SIGKILL, 5))


def forget(places: Places) -> None:
    (places.locks / "supervisor.json").unlink(missing_ok=True)


def _read(places: Places) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads((places.locks / "supervisor.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return known
