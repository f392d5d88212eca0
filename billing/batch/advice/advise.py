"""From what months would have cost to the advice that is kept, bundle by bundle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billing.batch.advice.choices import cheapest
from billing.batch.advice.compare import Compared
from billing.batch.usage.words import Ints
from billing.rules.leaving import Facts, Found, risk_of, signs
from bss.kernel.units import half_up
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.combinations import Combination, Counts, is_of_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What beside its months speaks for a bundle's leaving."""

    complaints: int = 0
    term_days_left: int | None = None
    overdue_fen: int = 0


NOTHING_ELSE = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A row of ``BundleAdvice``. Units: fen over all months, ``saving_fen`` a month."""

    bundle_id: int
    months: Sequence[str]
    scheme: str
    now: Combination
    cost_fen: int
    best: Combination
    best_fen: int
    options: Sequence[tuple[int, Counts, int]]
    history: Sequence[tuple[str, int, int, int]]
    signs: Sequence[Found]

    @property
    def saving_fen(self) -> int:
        return half_up(self.cost_fen - self.best_fen, len(self.months))

    @property
    def risk(self) -> int:
        return risk_of(self.signs)


def advise(
    compared: Compared,
    *,
    standing: Mapping[int, Standing],
    limits: Mapping[str, int],
    catalogue: Catalogue,
) -> Iterator[Advice]:
    """One for every bundle that has a month to go by; of equal costs what it is on already."""
    rows = np.flatnonzero(compared.counted)
    if not len(rows) or not compared.choices:
        return
    choices, own_fen = compared.choices, compared.own_fen
    best, best_fen = cheapest(compared.costs, range(len(choices)))
    by_tier = _by_tier(compared)
    for row in rows.tolist():
        own = _own(compared, row, catalogue)
        bundle = int(compared.bundle[row])
        stays = own_fen[row] <= best_fen[row]
        history = _history(compared, row)
        yield Advice(
            bundle_id=bundle,
            months=[month for month, *_ in history],
            scheme="B" if compared.now.is_b[row] else "A",
            now=own,
            cost_fen=int(own_fen[row]),
            best=own if stays else choices[best[row]],
            best_fen=int(min(own_fen[row], best_fen[row])),
            options=[
                (tier, choices[number[row]].packs, int(fen[row])) for tier, number, fen in by_tier
            ],
            history=history,
            signs=_signs(history, standing.get(bundle, NOTHING_ELSE), limits),
        )


def _by_tier(compared: Compared) -> list[tuple[int, Ints, Ints]]:
    """The cheapest choice of every tier, by bundle."""
    tiers = sorted({choice.tier for choice in compared.choices})
    return [
        (
            tier,
            *cheapest(
                compared.costs,
                [n for n, choice in enumerate(compared.choices) if choice.tier == tier],
            ),
        )
        for tier in tiers
    ]


def _own(compared: Compared, row: int, catalogue: Catalogue) -> Combination:
    counts = dict(zip(compared.packs.codes, compared.packs.counts[row].tolist(), strict=True))
    packs = tuple(
        (code, counts[code])
        for code, pack in catalogue.packs.items()
        if is_of_minutes(pack) and counts.get(code)
    )
    return Combination(tier=int(compared.now.tier[row]), packs=packs)


def _history(compared: Compared, row: int) -> list[tuple[str, int, int, int]]:
    return [
        (
            seen.month.first_day.isoformat(),
            int(seen.billed_fen[row]),
            int(seen.minutes[row]),
            int(seen.beyond[row]),
        )
        for seen in compared.months
        if seen.counts[row]
    ]


def _signs(
    history: Sequence[tuple[str, int, int, int]], standing: Standing, limits: Mapping[str, int]
) -> tuple[Found, ...]:
    facts = Facts(
        minutes=[minutes for _, _, minutes, _ in history],
        overflow_minutes=[beyond for *_, beyond in history],
        complaints=standing.complaints,
        term_days_left=standing.term_days_left,
        overdue_fen=standing.overdue_fen,
    )
    return signs(facts, limits=limits)
