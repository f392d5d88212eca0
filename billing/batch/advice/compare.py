"""What closed months cost bundles of one offering on every combination of the catalogue.

A month counts for a bundle when its fee was billed and its records explain its bill to the fen; so
a month whose records are elsewhere, or that a person has changed, is not taken for a quiet one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.batch.advice.billed import Billed, read_billed
from billing.batch.advice.bundles import Packs, Terms, read_terms_on
from billing.batch.advice.choices import Choice, by_vpn, choice_of, kept, own_choice
from billing.batch.advice.cost import beyond_vpn
from billing.batch.advice.use import Use, read_use
from billing.batch.usage.words import Flags, Ints
from bss.kernel.periods import Month
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.combinations import Combination, combinations, has_offering, is_sold


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """One month of every bundle; ``counts`` where it is compared. Units: fen, minutes."""

    month: Month
    counts: Flags
    billed_fen: Ints
    minutes: Ints
    beyond: Ints


@dataclass(frozen=True, slots=True)
class Compared:
    """Sums over the months that count: by choice and bundle, and of what each is on now."""

    bundle: Ints
    now: Terms
    packs: Packs
    choices: Sequence[Combination]
    costs: NDArray[np.int64]
    own_fen: Ints
    months: Sequence[MonthSeen]
    records: int

    @property
    def counted(self) -> Ints:
        """How many months each bundle is compared by."""
        return np.sum([one.counts for one in self.months], axis=0, dtype=np.int64)


def compare(
    bundles: Ints, *, offering: str, months: Sequence[Month], today: Catalogue, now: Month
) -> Compared:
    """Bundles (ids) of one offering on everything that is sold today, at each month's prices.

    What was not sold yet in a month is reckoned at today's. ``months`` are closed ones, the oldest
    first.
    """
    choices = sorted(
        combinations(today, offering=offering), key=lambda one: (one.pack_count, one.tier)
    )
    terms, packs = read_terms_on(now.first_day, bundles)
    costs = np.zeros((len(choices), len(bundles)), np.int64)
    own_fen = np.zeros(len(bundles), np.int64)
    seen, records = [], 0
    for month in months:
        catalogue = catalogue_on(month.first_day)
        if not has_offering(catalogue, offering):
            continue
        then, their_packs = read_terms_on(month.first_day, bundles)
        billed = read_billed(month, bundles)
        use = read_use(month, bundles, overflow_hao=catalogue.overflow_per_minute_hao)
        beside = kept(their_packs, catalogue)
        own, is_priced = own_choice(
            terms, packs, offering=offering, is_b=then.is_b, beside=beside, catalogue=catalogue
        )
        rated, was_priced = own_choice(
            then, their_packs, offering=offering, is_b=then.is_b, beside=beside, catalogue=catalogue
        )
        counts = is_priced & was_priced & (rated.fees_fen == billed.fees_fen)
        counts &= _is_explained(then, billed, use, catalogue)
        options = [
            choice_of(
                one,
                offering=offering,
                is_b=then.is_b,
                beside=beside,
                catalogue=catalogue if is_sold(one, offering=offering, by=catalogue) else today,
            )
            for one in choices
        ]
        rest = billed.rest_fen
        own_fen += np.where(counts, rest + _cost(own, use, catalogue), 0)
        for number, fen in _costs(options, use, catalogue):
            costs[number] += np.where(counts, rest + fen, 0)
        seen.append(MonthSeen(month, counts, billed.billed_fen, use.minutes, use.beyond))
        records += len(use.bundle)
    return Compared(bundles, terms, packs, choices, costs, own_fen, seen, records)


def _is_explained(then: Terms, billed: Billed, use: Use, catalogue: Catalogue) -> Flags:
    """Whether the month was billed, and its records come to what stands on the bill."""
    rated = Choice(billed.fees_fen, then.pool_minutes, then.vpn_minutes)
    come_to = _cost(rated, use, catalogue) - billed.fees_fen
    is_there = use.has_rows | (then.pool_used == 0)
    return billed.has_fee & is_there & use.is_at_price & (come_to == billed.shared_fen)


def _cost(choice: Choice, use: Use, catalogue: Catalogue) -> Ints:
    """Fees and usage of one choice, which may be another for every bundle."""
    hao = catalogue.overflow_per_minute_hao
    beyond = beyond_vpn(use, choice.vpn_minutes, overflow_hao=hao)
    [usage_fen] = beyond.usage_fen([choice.pool_minutes], overflow_hao=hao)
    return choice.fees_fen + usage_fen


def _costs(options: Sequence[Choice], use: Use, catalogue: Catalogue) -> Iterator[tuple[int, Ints]]:
    """Fees and usage of all choices."""
    hao = catalogue.overflow_per_minute_hao
    for numbers in by_vpn(options).values():
        beyond = beyond_vpn(use, options[numbers[0]].vpn_minutes, overflow_hao=hao)
        pools = [options[number].pool_minutes for number in numbers]
        for number, fen in zip(numbers, beyond.usage_fen(pools, overflow_hao=hao), strict=True):
            yield number, options[number].fees_fen + fen
