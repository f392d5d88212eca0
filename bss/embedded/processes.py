"""Processes of this machine as ``/proc`` shows them, and how to end them for certain."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn``: the child gets ``sig`` when the thread that started it is gone.

    Runs after the change of user, which would clear the setting. The signals that end a program
    are given their default action back: a shell's background job inherits two of them as ignored.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(stop, signal.SIG_DFL)
        if os.getppid() != parent:
            os.kill(os.getpid(), sig)

    return prepare


def running(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def working_in(directory: Path) -> list[int]:
    """The processes whose working directory is ``directory``, ourselves excepted."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            cwd = os.readlink(entry / "cwd")
        except OSError:
            continue
        if cwd in (str(directory), f"{directory} (deleted)"):
            found.append(int(entry.name))
    return found


def end(pids: Iterable[int], *stages: tuple[signal.Signals, float]) -> list[int]:
    """Send each stage's signal and wait its seconds for the processes to go; give what is left."""
    left = [pid for pid in pids if running(pid)]
    for sig, patience_s in stages:
        for pid in left:
            send(pid, sig)
        deadline = time.monotonic() + patience_s
        while left and time.monotonic() < deadline:
            time.sleep(0.02)
            left = [pid for pid in left if running(pid)]
    return left


def send(pid: int, sig: signal.Signals) -> None:
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        return


def send_group(leader: int, sig: signal.Signals) -> None:
    try:
        os.killpg(leader, sig)
    except ProcessLookupError:
        return


def started_at(pid: int) -> str | None:
    """The process's start time in kernel ticks: with the pid, its identity across reuse."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rpartition(")")[2].split()[19]
