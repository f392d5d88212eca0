"""Which area a number belongs to: the dialling code it begins with.

A fixed line and a broadband carry it in their number; a mobile has the area it was sold in.
"""

from collections.abc import Iterable

DEFAULT_AREA = "010"
SHORT_CODES = ("01", "02")
"""Codes of three digits begin so (010, 021 …); all others have four."""


def area_of_number(number: str, *, home_areas: Iterable[str] = ()) -> str:
    """The area code of a fixed or broadband number: a home area's, else by its shape; or ""."""
    known = [code for code in home_areas if number.startswith(code)]
    if known:
        return max(known, key=len)
    if not number.startswith("0") or not number.isdigit():
        return ""
    return number[:3] if number.startswith(SHORT_CODES) else number[:4]
