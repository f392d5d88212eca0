"""Which tiers and packs of minutes a bundle may be on: what an adviser compares.

Packs with a terminal, for the broadband or for roaming stay as they are: they are bought for
another reason than minutes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packages_wo.rules.catalogue import Catalogue, Pack
from packages_wo.rules.composition import Composition, PackIn

Counts = tuple[tuple[str, int], ...]
"""(pack, how many), in the order of the catalogue; none that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """组合: a tier and packs of nothing but minutes."""

    tier: int
    packs: Counts = ()

    @property
    def pack_count(self) -> int:
        return sum(count for _, count in self.packs)


def is_of_minutes(pack: Pack) -> bool:
    """Whether the pack is nothing but shared minutes."""
    beside = pack.adds_terminal or pack.needs or pack.speed_kbps or pack.static_ip
    return pack.minutes > 0 and not beside and not pack.roaming_discount


def combinations(catalogue: Catalogue, *, offering: str) -> tuple[Combination, ...]:
    """Every tier with every number of packs; of those with equal minutes only the cheapest.

    What is left out costs no customer less: it gives the same minutes for a higher fee.
    """
    tiers = catalogue.offering(offering).tiers
    choices = _cheapest(pack for pack in catalogue.packs.values() if is_of_minutes(pack))
    return tuple(Combination(tier=tier, packs=packs) for tier in sorted(tiers) for packs in choices)


def combination_of(composition: Composition, catalogue: Catalogue) -> Combination:
    """What of a bundle could be another combination."""
    chosen = [pack.pack for pack in composition.packs]
    return Combination(
        tier=composition.tier,
        packs=tuple(
            (code, chosen.count(code))
            for code, pack in catalogue.packs.items()
            if is_of_minutes(pack) and code in chosen
        ),
    )


def packs_with(
    composition: Composition, combination: Combination, catalogue: Catalogue
) -> tuple[PackIn, ...]:
    """The bundle's packs with the combination's in place of its own packs of minutes."""
    kept = [p for p in composition.packs if not is_of_minutes(catalogue.packs[p.pack])]
    new = [PackIn(pack=code) for code, count in combination.packs for _ in range(count)]
    return (*kept, *new)


def is_sold(combination: Combination, *, offering: str, by: Catalogue) -> bool:
    """Whether a version of the catalogue has all of it."""
    if not has_offering(by, offering):
        return False
    return combination.tier in by.offering(offering).tiers and all(
        code in by.packs for code, _ in combination.packs
    )


def has_offering(catalogue: Catalogue, offering: str) -> bool:
    """Whether the offering is in it, under this or another name."""
    return catalogue.aliases.get(offering, offering) in catalogue.offerings


def _cheapest(packs: Iterable[Pack]) -> list[Counts]:
    """By how many minutes they give in all: the cheapest choice, of equal ones the fewest packs."""
    found: Mapping[int, tuple[int, int, Counts]] = {0: (0, 0, ())}
    for pack in packs:
        wider: dict[int, tuple[int, int, Counts]] = {}
        for minutes, (fen, number, chosen) in found.items():
            for count in range(pack.max + 1):
                more = ((pack.code, count),) if count else ()
                offer = (fen + count * pack.monthly_fen, number + count, (*chosen, *more))
                at = minutes + count * pack.minutes
                wider[at] = min(wider.get(at, offer), offer)
        found = wider
    return [found[minutes][2] for minutes in sorted(found)]
