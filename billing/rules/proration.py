"""What a single-user plan costs in a month.

Source: EFF-4; scenarios README "Fees, bills, ledgers".
"""

from datetime import date

from bss.kernel.periods import Month, days_between
from bss.kernel.units import Fen, half_up


def plan_fee(
    monthly_fen: int,
    *,
    first_month: str,
    month: Month,
    in_service_on: date,
    ended_on: date | None = None,
) -> Fen:
    """PLAN_FEE of a month: whole, unless the subscription began in it.

    ``first_month`` is ``full``, ``half`` (whatever the day) or ``daily``: from the first day in
    service to the month's end or the day of termination, both counted, half up to fen.
    """
    if Month.of(in_service_on) != month or first_month == "full":
        return Fen(monthly_fen)
    if first_month == "half":
        return Fen(half_up(monthly_fen, 2))
    last_day = min(ended_on or month.last_day, month.last_day)
    return Fen(half_up(monthly_fen * days_between(in_service_on, last_day), month.days))
