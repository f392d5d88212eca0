"""When a password has to be changed, and until when a one-time password may be used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What a signed-in person's password is good for."""

    GOOD = "good"
    ONE_TIME = "one_time"
    """Handed out by somebody else: it opens nothing but the page on which it is changed."""
    EXPIRED = "expired"
    """Handed out, and not used in time: it opens nothing at all."""
    AGED = "aged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """The operator's figures. Units: days, hours; no ``max_age_days``: a password does not age."""

    max_age_days: int
    one_time_hours: int


def standing_of(
    *, set_at: datetime, must_change: bool, now: datetime, policy: PasswordPolicy
) -> Standing:
    """How a password stands at ``now``.

    Source: S59-1 (password policy).
    """
    age = now - set_at
    if must_change:
        in_time = age < timedelta(hours=policy.one_time_hours)
        return Standing.ONE_TIME if in_time else Standing.EXPIRED
    if policy.max_age_days and age >= timedelta(days=policy.max_age_days):
        return Standing.AGED
    return Standing.GOOD
