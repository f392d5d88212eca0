"""What hangs on a customer higher up in the house: a table that ``bss.wiring`` fills.

This app does not know bundles, accounts, orders or cases. When two customers become one, it asks
this table for what speaks against it, and lets each part move its own, in the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Move(Protocol):
    def __call__(self, *, from_id: int, to_id: int, at: datetime) -> list[int]:
        """Give everything to the other customer; the keys of what was moved."""


def _nothing(first_id: int, second_id: int) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePart:
    """One kind of thing that a customer has. ``title`` is a message id, ``name`` the audit's word.

    ``obstacles`` says, in sentences, what keeps these two from becoming one now.
    """

    name: str
    title: str
    count: Callable[[int], int]
    move: Move
    obstacles: Callable[[int, int], Sequence[str]] = _nothing


def higher_parts() -> Sequence[MergePart]:
    """What the apps above have, in the order in which they lock."""
    table: Any = import_string(settings.CUSTOMER_PARTS)
    parts: Sequence[MergePart] = table
    return parts
