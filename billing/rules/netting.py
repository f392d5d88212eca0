"""Credits on a bill pay its other lines; what is left of them is the customer's money.

Source: BIL-7. The set-based twin is ``billing/batch/net_credits.sql``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class BilledLine(NamedTuple):
    """A line of a new bill; a credit is negative."""

    id: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Netted:
    """What credits paid, by line (positive), what of each was used, and what is left of each."""

    paid_fen: dict[int, int]
    used_fen: dict[int, int]
    left_fen: dict[int, int]


def net_credits(lines: Sequence[BilledLine]) -> Netted:
    """Let the credits pay the charges, both in the order of the lines.

    Source: BIL-7.
    """
    credits = [(line.id, -line.amount_fen) for line in lines if line.amount_fen < 0]
    charges = [(line.id, line.amount_fen) for line in lines if line.amount_fen > 0]
    paid = _take(charges, sum(fen for _, fen in credits))
    used = _take(credits, sum(fen for _, fen in charges))
    left = {line: fen - used.get(line, 0) for line, fen in credits if fen > used.get(line, 0)}
    return Netted(paid_fen=paid, used_fen=used, left_fen=left)


def _take(amounts: Sequence[tuple[int, int]], open_fen: int) -> dict[int, int]:
    taken = {}
    for line, fen in amounts:
        part = min(fen, open_fen)
        if part:
            taken[line] = part
            open_fen -= part
    return taken
