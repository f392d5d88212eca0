"""When a main account that nobody uses is warned about and switched off."""

from datetime import datetime, timedelta
from enum import StrEnum


class IdleVerdict(StrEnum):
    IN_USE = "in_use"
    WARN = "warn"
    DISABLE = "disable"


def verdict(
    *, used_at: datetime, now: datetime, idle_days: int, warn_days: int, warned: bool
) -> IdleVerdict:
    """What happens to an account last used at ``used_at``; nobody is disabled unwarned.

    Source: S59-1 (account). Units: days; ``warn_days`` before the end of ``idle_days``.
    """
    idle = now - used_at
    if idle >= timedelta(days=idle_days) and warned:
        return IdleVerdict.DISABLE
    if idle >= timedelta(days=idle_days - warn_days) and not warned:
        return IdleVerdict.WARN
    return IdleVerdict.IN_USE
