"""How likely two customers are one: the same document, or alike in name with the same phone.

Source: S40-8 (one customer, one true record).
"""

from collections.abc import Collection
from typing import Final

SAME_DOCUMENT: Final = 100
ALIKE_AT_LEAST: Final = 50
"""Names less alike than this are two customers, whose contact happens to be one person."""

OF_THE_PHONE: Final = 40
"""What a shared phone weighs beside the name. Units: points of a hundred."""


def likeness_percent(first: Collection[str], second: Collection[str]) -> int:
    """How much of two names' characters and pairs is common (Sørensen–Dice)."""
    if not first or not second:
        return 0
    common = len(set(first) & set(second))
    return 200 * common // (len(set(first)) + len(set(second)))


def pair_score(*, same_document: bool, same_phone: bool, likeness_percent: int) -> int:
    """Points of a hundred; 0: nothing that a person should look at."""
    if same_document:
        return SAME_DOCUMENT
    if not same_phone or likeness_percent < ALIKE_AT_LEAST:
        return 0
    return OF_THE_PHONE + (SAME_DOCUMENT - 1 - OF_THE_PHONE) * likeness_percent // 100
