"""Money: whole fen on bills and ledgers, whole hao in rated usage; one place that rounds.

Source: GEN-2, GEN-3.
"""

import re
from typing import NewType

Fen = NewType("Fen", int)
Hao = NewType("Hao", int)

HAO_PER_FEN = 100
_YUAN = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,4}))?")


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half up (half away from zero for negative numerators)."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def hao_to_fen(amount_hao: int) -> Fen:
    """A summed amount in fen, half up. Source: GEN-3 — once per bill line, never per call."""
    return Fen(half_up(amount_hao, HAO_PER_FEN))


def parse_yuan_hao(text: str) -> Hao:
    """Yuan as people write it ("0.0003") in hao. Raises: ValueError with what is wrong."""
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an amount in yuan such as 12.50 (at most 4 decimals)")
    sign, whole, decimals = match.groups()
    value = int(whole) * 10_000 + int((decimals or "").ljust(4, "0"))
    return Hao(-value if sign else value)


def parse_yuan_fen(text: str) -> Fen:
    """Yuan as people write it ("12.50") in fen. Raises: ValueError with what is wrong."""
    value = parse_yuan_hao(text)
    if value % HAO_PER_FEN:
        raise ValueError(f"{text!r} has a part of a fen; two decimals at most")
    return Fen(value // HAO_PER_FEN)


def yuan(amount_fen: int) -> str:
    """Fen as plain text with two digits: 12345 -> "123.45"."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"


def yuan_of_hao(amount_hao: int) -> str:
    """Hao as plain text with the digits it needs, at least two: 1500 -> "0.15", 3 -> "0.0003"."""
    sign = "-" if amount_hao < 0 else ""
    whole, part = divmod(abs(amount_hao), 10_000)
    decimals = f"{part:04d}"
    return f"{sign}{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"
