"""Counting a drawer 点数: cash by denomination, the other means by their slips.

Source: PAY-3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CASH = "cash"
SLIPS = ("card", "cheque", "transfer")
"""Means that leave a paper in the drawer: the POS voucher, the cheque, the bank's slip."""
DESK_MEANS = (CASH, *SLIPS)

DENOMINATIONS: tuple[tuple[int, str], ...] = (
    (100_00, "壹佰元"),
    (50_00, "伍拾元"),
    (20_00, "贰拾元"),
    (10_00, "拾元"),
    (5_00, "伍元"),
    (1_00, "壹元"),
    (50, "伍角"),
    (10, "壹角"),
    (5, "伍分"),
    (2, "贰分"),
    (1, "壹分"),
)
"""Notes and coins in circulation: worth in fen, name. 2 元 and 2 角 were withdrawn in 2018."""

PIECES_AT_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One means: what the books say against what was counted; of cash both with the float."""

    means: str
    system_fen: int
    counted_fen: int

    @property
    def difference_fen(self) -> int:
        """Over 长款 is positive, short 短款 negative."""
        return self.counted_fen - self.system_fen


def worth_of(pieces: Mapping[int, int]) -> int:
    """The sum of a count by denomination (fen → pieces), in fen.

    Raises: ValueError for a denomination that does not exist, or an impossible number of pieces.
    """
    known = dict(DENOMINATIONS)
    for fen, number in pieces.items():
        if fen not in known:
            raise ValueError(f"there is no note or coin of {fen} fen")
        if not 0 <= number <= PIECES_AT_MOST:
            raise ValueError(f"{number} pieces of {fen} fen cannot be")
    return sum(fen * number for fen, number in pieces.items())


def compare(
    *, system: Mapping[str, int], cash_fen: int, slips: Mapping[str, int], float_fen: int
) -> tuple[Compared, ...]:
    """Every means of a desk, in one order.

    ``system``: what came in less what was given back, by means, the float not among it.
    Source: PAY-3.
    """
    counted = {CASH: cash_fen, **slips}
    return tuple(
        Compared(
            means=means,
            system_fen=system.get(means, 0) + (float_fen if means == CASH else 0),
            counted_fen=counted.get(means, 0),
        )
        for means in DESK_MEANS
    )


def change_of(*, amount_fen: int, received_fen: int) -> int | None:
    """唱付: what goes back to the customer; None when what was received is not enough."""
    return received_fen - amount_fen if received_fen >= amount_fen else None
