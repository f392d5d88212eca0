"""What an invoice takes of a bill: whole fen of its lines, and of each line's rates with their tax.

Source: BIL-3, BIL-4.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from billing.rules.allocation import largest_remainder

PREPAID_ITEM = "PREPAID"
"""What the line of a prepayment's invoice says instead of a charge item."""

APPROVE_REDS_FROM_FEN = 100_000
"""红冲: from 1,000 yuan on a red invoice needs a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePart:
    """What is not yet invoiced of a line at one rate (None: of several, as it was billed)."""

    percent: int | None
    amount_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """A bill line: what can still be invoiced of it, and its rates (these with gift and cover)."""

    line_id: int
    left_fen: int
    rates: tuple[RatePart, ...] = ()


def left_of(lines: Sequence[LineLeft]) -> int:
    """What can still be invoiced of a bill; credits are taken off, and it is never negative."""
    return max(0, sum(line.left_fen for line in lines))


def take_amount(lines: Sequence[LineLeft], amount_fen: int) -> dict[int, int]:
    """Line → fen for an invoice of this amount: credits whole, then the lines in their order.

    Raises: ValueError when it is not positive, or more than is left.
    """
    if not 0 < amount_fen <= left_of(lines):
        raise ValueError("an invoice takes something, and no more than is left")
    taken = {line.line_id: line.left_fen for line in lines if line.left_fen < 0}
    open_fen = amount_fen - sum(taken.values())
    for line in lines:
        part = min(open_fen, line.left_fen)
        if part > 0:
            taken[line.line_id] = part
            open_fen -= part
    return taken


def take_lines(lines: Sequence[LineLeft], chosen: Collection[int]) -> dict[int, int]:
    """Line → fen for an invoice of these lines, as far as they are left; credits go along."""
    return {
        line.line_id: line.left_fen
        for line in lines
        if line.left_fen < 0 or (line.left_fen and line.line_id in chosen)
    }


def with_tax(rates: Sequence[RatePart], amount_fen: int) -> list[RatePart]:
    """A part of a line by rates. Over all parts of the line each rate's amounts and taxes sum to
    what was billed: of what is left, the part and the rest share by the largest remainder.

    Raises: ValueError when the line has not that much.
    """
    sign = -1 if amount_fen < 0 else 1
    amounts = [sign * rate.amount_fen for rate in rates]
    if min(amounts, default=0) < 0 or sign * amount_fen > sum(amounts):
        raise ValueError("a part is of what is left of its line")
    parts = largest_remainder(sign * amount_fen, amounts)
    return [
        RatePart(percent=rate.percent, amount_fen=sign * part, tax_fen=sign * _tax(rate, part))
        for rate, part in zip(rates, parts, strict=True)
        if part
    ]


def _tax(rate: RatePart, part_fen: int) -> int:
    whole_fen = abs(rate.amount_fen)
    return largest_remainder(abs(rate.tax_fen), [part_fen, whole_fen - part_fen])[0]


def less(lines: Sequence[LineLeft], taken: Mapping[int, Sequence[RatePart]]) -> list[LineLeft]:
    """What is left after an invoice: the next part of a split starts from it."""
    return [
        _less(line, {rate.percent: rate for rate in taken.get(line.line_id, ())}) for line in lines
    ]


def _less(line: LineLeft, taken: Mapping[int | None, RatePart]) -> LineLeft:
    if not taken:
        return line
    nothing = RatePart(percent=None, amount_fen=0, tax_fen=0)
    rates = [
        RatePart(
            percent=rate.percent,
            amount_fen=rate.amount_fen - taken.get(rate.percent, nothing).amount_fen,
            tax_fen=rate.tax_fen - taken.get(rate.percent, nothing).tax_fen,
        )
        for rate in line.rates
    ]
    return LineLeft(
        line_id=line.line_id,
        left_fen=line.left_fen - sum(rate.amount_fen for rate in taken.values()),
        rates=tuple(rate for rate in rates if rate.amount_fen),
    )
