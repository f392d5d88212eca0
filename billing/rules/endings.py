"""How long a stop for debt lasts before the number is given up, and how long it then rests.

Source: CRD-4.
"""

from datetime import date, timedelta

DAYS_TO_PRE_TERMINATION = 90
QUARANTINE_DAYS = 90


def ends_on(stopped_on: date) -> date:
    """The day on which what was stopped then is pre-terminated."""
    return stopped_on + timedelta(days=DAYS_TO_PRE_TERMINATION)


def closes_from(pre_terminated_on: date) -> date:
    """The first day on which what was pre-terminated then may be closed for good."""
    return pre_terminated_on + timedelta(days=QUARANTINE_DAYS)
