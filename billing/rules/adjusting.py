"""A correction of a bill line: at the line's own rates, and a credit never beyond the line.

Source: BIL-4, BIL-7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.rules.allocation import largest_remainder
from billing.rules.taxation import tax_in


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedPart:
    """What of a correction stands at one rate of VAT; negative to the customer's favour."""

    percent: int
    amount_fen: int

    @property
    def tax_fen(self) -> int:
        return tax_in(self.amount_fen, percent=self.percent)


def by_rates(amount_fen: int, rates: Sequence[tuple[int, int]]) -> list[AdjustedPart]:
    """Divide a correction over (percent, billed fen) in proportion; whole fen, exact in sum."""
    sign = -1 if amount_fen < 0 else 1
    parts = largest_remainder(sign * amount_fen, [abs(billed) for _, billed in rates])
    return [
        AdjustedPart(percent=percent, amount_fen=sign * part)
        for (percent, _), part in zip(rates, parts, strict=True)
        if part
    ]


def credit_left(billed_fen: int, corrected_fen: int) -> int:
    """What can still be credited of a line, after the corrections (negative) that it had."""
    return max(0, billed_fen + corrected_fen)
