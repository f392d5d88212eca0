"""Points: earned by what was paid, used or lost later; they are no money.

The rate is data; what is here is how it is read, and what has run out.
"""


def points_of(paid_fen: int, *, points_per_100_yuan: int) -> int:
    """Whole points for an amount, the rest is cut off. Units: fen; points for 100 yuan."""
    return max(0, paid_fen) * points_per_100_yuan // 10_000


def run_out(*, earned_until_now: int, used: int) -> int:
    """How many points are lost: of those whose time is over, what was not used before them.

    ``earned_until_now``: earned and over. ``used``: redeemed or lost so far; the oldest go first.
    """
    return max(0, earned_until_now - used)
