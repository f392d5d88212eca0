"""Money as TM Forum writes it."""

from typing import Any


def money(amount_fen: int) -> dict[str, Any]:
    """``{"unit": "CNY", "value": 106.15}``: the JSON number is exact to the fen.

    Units: fen. Two decimals of a number below 10¹³ survive JSON's double and come back as written.
    """
    return {"unit": "CNY", "value": amount_fen / 100}
