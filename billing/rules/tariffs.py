"""What usage costs outside every allowance: blocks of seconds, texts, KB.

Source: RAT-13, RAT-16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPrice:
    """The first ``first_s`` seconds cost ``first_hao``, then every started ``next_s`` more."""

    first_s: int
    first_hao: int
    next_s: int
    next_hao: int

    def __post_init__(self) -> None:
        if self.first_s < 1 or self.next_s < 1 or self.first_hao < 0 or self.next_hao < 0:
            raise ValueError("a block has at least one second and no negative price")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPrice:
    """The same price for every unit: a minute beyond the pool, a text, a KB."""

    unit_hao: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """资费 — prices by kind of call (``local``, ``hmt``, ``roaming_mo``…), texts and data.

    What it does not name has no price: such a record is ``no_tariff``.
    """

    voice: Mapping[str, BlockPrice] = field(default_factory=dict)
    sms_hao: int | None = None
    data_kb_hao: int | None = None


def price_blocks(price: BlockPrice, *, duration_s: int, covered_minutes: int = 0) -> int:
    """Hao for a call of ``duration_s`` of which allowances have covered ``covered_minutes``.

    The rest is priced as a call of its own. Source: RAT-13.
    """
    rest_s = duration_s - 60 * covered_minutes
    if rest_s <= 0:
        return 0
    further_blocks = max(0, -(-(rest_s - price.first_s) // price.next_s))
    return price.first_hao + further_blocks * price.next_hao
