"""Dividing an amount so that whole fen sum exactly: the largest remainder.

Source: BIL-5.
"""

from collections.abc import Sequence


def largest_remainder(amount_fen: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to the weights; fen left over go to the largest remainders, the earlier
    first.

    Raises: ValueError when there is nothing to divide over, or an amount is negative.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0 or amount_fen < 0:
        raise ValueError("an amount is divided over weights that are not negative and not all zero")
    parts = [amount_fen * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda index: (-(amount_fen * weights[index] % total), index)
    )
    for index in by_remainder[: amount_fen - sum(parts)]:
        parts[index] += 1
    return parts
