"""When a main account that nobody uses is warned about and switched off."""

from datetime import datetime, timedelta
from enum import StrEnum


class IdleVerdict(StrEnum):
    IN_USE = "in_use"
    WARN = "warn"
    WARNED = "warned"
    DISABLE = "disable"


def verdict(
    *, used_at: datetime, warned_at: datetime | None, now: datetime, idle_days: int, warn_days: int
) -> IdleVerdict:
    """What happens to an account last used at ``used_at``.

    It is warned about ``warn_days`` before ``idle_days`` are over, and disabled when they are; but
    never sooner after the warning than ``warn_days``, also where the job did not run for a while.

    Source: S59-1 (account). Units: days.
    """
    if now - used_at < timedelta(days=idle_days - warn_days):
        return IdleVerdict.IN_USE
    if warned_at is None or warned_at <= used_at:
        return IdleVerdict.WARN
    if now - used_at < timedelta(days=idle_days) or now - warned_at < timedelta(days=warn_days):
        return IdleVerdict.WARNED
    return IdleVerdict.DISABLE


def disabled_from(
    *, used_at: datetime, warned_at: datetime, idle_days: int, warn_days: int
) -> datetime:
    """From when a warned account that stays unused is disabled."""
    return max(used_at + timedelta(days=idle_days), warned_at + timedelta(days=warn_days))
