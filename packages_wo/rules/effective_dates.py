"""When accepted and completed work takes effect.

Source: EFF-1, EFF-4, CHG-5.
"""

from datetime import date, datetime

from bss.kernel.periods import Month


def effective_on(completed_at: datetime) -> date:
    """The 1st of the month after the day of completion, as Asia/Shanghai sees it."""
    return Month.of(completed_at).next.first_day
