"""The levels of the organisation, and what stands under what."""

from collections.abc import Mapping
from typing import Final

TOP_DOWN: Final = ("headquarters", "province", "city", "county", "hall")

# A city without counties has its halls itself.
PARENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "headquarters": (),
    "province": ("headquarters",),
    "city": ("province",),
    "county": ("city",),
    "hall": ("county", "city"),
}


def may_stand_under(level: str, parent_level: str | None) -> bool:
    """Whether an organisation of ``level`` has its place under ``parent_level``.

    A province may stand alone: an operator may run its own house. Since a parent is always of a
    higher level, no way up ever comes back to where it began.

    Source: S33-1.
    """
    if parent_level is None:
        return level in ("headquarters", "province")
    return parent_level in PARENTS[level]


def levels_under(level: str) -> tuple[str, ...]:
    """The levels that may stand directly under ``level``."""
    return tuple(lower for lower in TOP_DOWN if level in PARENTS[lower])
