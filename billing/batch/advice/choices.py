"""The combinations of an offering as columns: what each costs and gives bundles in a month."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.batch.advice.bundles import NO_TIER, Packs, Terms
from billing.batch.usage.terms import UNLIMITED
from billing.batch.usage.words import Flags, Ints
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.combinations import Combination, is_of_minutes
from packages_wo.rules.pricing import bundle_fee


@dataclass(frozen=True, slots=True)
class Kept:
    """What packs that no combination exchanges cost and give, by bundle."""

    fen: Ints
    minutes: Ints


@dataclass(frozen=True, slots=True)
class Choice:
    """Fees and minutes by bundle; ``vpn_minutes`` -1: unlimited."""

    fees_fen: Ints
    pool_minutes: Ints
    vpn_minutes: Ints


def kept(packs: Packs, catalogue: Catalogue) -> Kept:
    others = [code for code, pack in catalogue.packs.items() if not is_of_minutes(pack)]
    return Kept(
        fen=packs.sum_of(catalogue, "monthly_fen", among=others),
        minutes=packs.sum_of(catalogue, "minutes", among=others),
    )


def choice_of(
    combination: Combination, *, offering: str, is_b: Flags, beside: Kept, catalogue: Catalogue
) -> Choice:
    """A combination in place of what bundles had; each in its own scheme."""
    tier = catalogue.offering(offering).tiers[combination.tier]
    fee_a, fee_b = (
        bundle_fee(catalogue, offering=offering, scheme=scheme, tier=tier.code) for scheme in "AB"
    )
    packs = [(catalogue.packs[code], count) for code, count in combination.packs]
    more_fen = sum(pack.monthly_fen * count for pack, count in packs)
    more_minutes = sum(pack.minutes * count for pack, count in packs)
    vpn = UNLIMITED if tier.vpn_minutes is None else tier.vpn_minutes
    return Choice(
        fees_fen=np.where(is_b, fee_b, fee_a) + more_fen + beside.fen,
        pool_minutes=tier.minutes + more_minutes + beside.minutes,
        vpn_minutes=np.full(len(is_b), vpn),
    )


def own_choice(
    now: Terms, packs: Packs, *, offering: str, is_b: Flags, beside: Kept, catalogue: Catalogue
) -> tuple[Choice, Flags]:
    """What each bundle is on now, and which of them this version of the catalogue can price."""
    tiers = catalogue.offering(offering).tiers
    known = np.isin(now.tier, list(tiers)) & ~packs.has_unknown(catalogue)
    exchanged = [code for code, pack in catalogue.packs.items() if is_of_minutes(pack)]
    fees = np.zeros(len(now), np.int64)
    minutes, vpn = np.zeros((2, len(now)), np.int64)
    for code, tier in tiers.items():
        rows = now.tier == code
        fee_a, fee_b = (
            bundle_fee(catalogue, offering=offering, scheme=scheme, tier=code) for scheme in "AB"
        )
        fees[rows] = np.where(is_b[rows], fee_b, fee_a)
        minutes[rows] = tier.minutes
        vpn[rows] = UNLIMITED if tier.vpn_minutes is None else tier.vpn_minutes
    return Choice(
        fees_fen=fees + packs.sum_of(catalogue, "monthly_fen", among=exchanged) + beside.fen,
        pool_minutes=minutes + packs.sum_of(catalogue, "minutes", among=exchanged) + beside.minutes,
        vpn_minutes=vpn,
    ), known & (now.tier != NO_TIER)


def by_vpn(choices: Sequence[Choice]) -> dict[int, list[int]]:
    """The choices that give the same VPN minutes, each group from the smallest pool on."""
    groups: dict[int, list[int]] = {}
    for number, choice in enumerate(choices):
        if len(choice.vpn_minutes):
            groups.setdefault(int(choice.vpn_minutes[0]), []).append(number)
    for group in groups.values():
        group.sort(key=lambda number: int(choices[number].pool_minutes[0]))
    return groups


def cheapest(costs: NDArray[np.int64], rows: Sequence[int]) -> tuple[Ints, Ints]:
    """The first of the cheapest among these choices, and its cost, by bundle."""
    some = costs[list(rows)]
    best = some.argmin(axis=0)
    return np.array(rows, np.int64)[best], some[best, np.arange(some.shape[1])]
