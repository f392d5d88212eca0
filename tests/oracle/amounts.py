"""Yuan as people write it, fen and hao as the rules count it (GEN-2, GEN-3)."""

from decimal import Decimal

HAO_PER_FEN = 100


def half_up(numerator: int, denominator: int) -> int:
    """Round a non-negative fraction half up to a whole number."""
    return (2 * numerator + denominator) // (2 * denominator)


def fen(yuan: str) -> int:
    return _whole(Decimal(str(yuan)) * 100)


def hao(yuan: str) -> int:
    return _whole(Decimal(str(yuan)) * 10_000)


def yuan(fen_: int) -> str:
    sign = "-" if fen_ < 0 else ""
    return f"{sign}{abs(fen_) // 100}.{abs(fen_) % 100:02d}"


def fen_of_hao(amount_hao: int) -> int:
    return half_up(amount_hao, HAO_PER_FEN)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError(f"{value} is finer than the unit")
    return int(value)
