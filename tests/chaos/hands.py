"""Processes that do an act: forked from one that has Django set up, each on a database."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from django.db import connections

PIPE_BYTES = 65_536


def fork(work: Callable[[], object], *, database: str, log: Path) -> int:
    """Start ``work`` in a process of its own; give its pid. It ends with 0 or 1."""
    connections.close_all()  # a child must not inherit them
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        connections["default"].settings_dict["NAME"] = database
        work()
        code = 0
    except BaseException:
        with log.open("a") as sink:
            traceback.print_exc(file=sink)
    finally:
        sys.stdout.flush()
        os._exit(code)


def ended(pid: int) -> int | None:
    """Its exit code (negative: the signal that ended it), or None while it runs."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None
