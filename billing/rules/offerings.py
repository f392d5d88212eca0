"""Whose months a re-rating is about: an offering as one word, such as ``tier:basic:106``.

``bundle:basic`` all its tiers · ``tier:basic:106`` · ``pack:MIN-300`` · ``plan:3G-96`` ·
``tariff:m2g_std`` · nothing: everybody.
"""

from dataclasses import dataclass
from enum import StrEnum


class OfferingKind(StrEnum):
    """Each finds its holders in another way."""

    EVERYTHING = ""
    BUNDLE = "bundle"
    TIER = "tier"
    PACK = "pack"
    PLAN = "plan"
    TARIFF = "tariff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenOffering:
    """``tier`` is the number of a bundle's tier, else 0."""

    kind: OfferingKind
    code: str = ""
    tier: int = 0


def read_offering(text: str) -> ChosenOffering:
    """Raises: ValueError for what is no offering's word."""
    kind, _, code = text.partition(":")
    if OfferingKind(kind) is OfferingKind.TIER:
        code, _, tier = code.partition(":")
        return ChosenOffering(kind=OfferingKind.TIER, code=code, tier=int(tier))
    if bool(kind) != bool(code):
        raise ValueError(f"{text!r} names no offering")
    return ChosenOffering(kind=OfferingKind(kind), code=code)
