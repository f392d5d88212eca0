"""The minutes that a bundle's members share in a month.

Source: RAT-2 (base minutes + packs' minutes), RAT-9.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from packages_wo.rules.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Shared minutes; ``vpn_minutes`` None is unlimited."""

    minutes: int
    vpn_minutes: int | None


def monthly_allowance(
    catalogue: Catalogue, *, offering: str, tier: int, packs: Iterable[str]
) -> Allowance:
    """The tier's minutes and those of every pack."""
    base = catalogue.offering(offering).tiers[tier]
    return Allowance(
        minutes=base.minutes + sum(catalogue.packs[pack].minutes for pack in packs),
        vpn_minutes=base.vpn_minutes,
    )
