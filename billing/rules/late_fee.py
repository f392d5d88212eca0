"""违约金: what a bill line that is paid late costs, day by day (PAY-8).

The set-based twin is ``billing/batch/late_fees.sql``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from bss.kernel.units import Hao, half_up

NEVER_ON = "LATE_FEE"
"""The charge item that bears no late fee itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator takes; ``cap_percent`` is of the line, over its whole life."""

    per_mille_a_day: Decimal
    cap_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What was paid of a line on a day; negative where it was taken back."""

    on: date
    amount_fen: int


def late_fee(
    amount_fen: int,
    payments: Sequence[Paid],
    *,
    due_on: date,
    after: date,
    until: date,
    terms: Terms,
) -> Hao:
    """The fee for the days from the one after ``after`` up to and including ``until``.

    It is what the whole lateness costs up to one day less what it cost up to the other, so that
    months never charge a day twice and their roundings never add up.
    Source: PAY-8. Units: hao; a bill line rounds once (GEN-3).
    """
    upto = accrued(amount_fen, payments, due_on=due_on, until=until, terms=terms)
    return Hao(upto - accrued(amount_fen, payments, due_on=due_on, until=after, terms=terms))


def accrued(
    amount_fen: int, payments: Sequence[Paid], *, due_on: date, until: date, terms: Terms
) -> Hao:
    """The fee for all days after the due day up to ``until``, capped."""
    days = (until - due_on).days
    fen_days = sum(
        amount_fen - sum(paid.amount_fen for paid in payments if paid.on <= day)
        for day in (due_on + timedelta(days=number) for number in range(1, days + 1))
    )
    fee = Fraction(fen_days) * Fraction(terms.per_mille_a_day) / 10
    capped = max(Fraction(0), min(fee, Fraction(amount_fen * terms.cap_percent)))
    return Hao(half_up(capped.numerator, capped.denominator))
