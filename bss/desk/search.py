"""Search anything from one box (D2): each source finds its own kind of thing.

A source is a function ``(text, staff, limit) -> Group | None``; exact numbers come first because
sources are asked in this order and a hit marked ``exact`` moves its group to the top.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LIMIT_PER_GROUP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found; ``kind`` and ``state`` give its badge."""

    title: str
    url: str
    detail: str = ""
    icon: str = "search"
    kind: str = ""
    state: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; ``more_url`` leads to the whole list when there are more."""

    title: str
    hits: tuple[Hit, ...] = field(default_factory=tuple)
    more_url: str = ""


Source = Callable[[str, Any, int], Group | None]


def search(text: str, *, staff: Any, limit: int = LIMIT_PER_GROUP) -> list[Group]:
    """What every source finds for ``text``, groups with an exact hit first."""
    from bss.desk.sources import SOURCES

    text = " ".join(text.split())
    if not text:
        return []
    groups = [group for source in SOURCES if (group := source(text, staff, limit)) and group.hits]
    return sorted(groups, key=lambda group: not any(hit.exact for hit in group.hits))
