"""The nightly look for sessions that nobody ended."""

from datetime import datetime

from bss.identity.services import work_sessions
from bss.kernel import clock
from bss.kernel.audit import acting


def close_sessions(*, at: datetime) -> int:
    """Sessions run by the wall clock, whatever the training clock says."""
    with acting(source="task close_sessions"):
        return work_sessions.close_overdue(at=clock.real_now())
