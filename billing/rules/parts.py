"""A prepayment in monthly parts (分月返还)."""


def monthly_parts(amount_fen: int, months: int) -> list[int]:
    """``months`` equal parts in fen, the remainder in the last.

    Source: ACC-5.
    Raises: ValueError when there is no month.
    """
    if months < 1:
        raise ValueError("a prepayment has at least one part")
    part = amount_fen // months
    return [part] * (months - 1) + [amount_fen - part * (months - 1)]
