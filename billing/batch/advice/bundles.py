"""What bundles were on a day: their tier, scheme and packs, as columns in the order asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billing.batch.usage.columns import Columns
from billing.batch.usage.found import Places
from billing.batch.usage.tables import copied
from billing.batch.usage.words import Flags, Ints
from packages_wo.rules.catalogue import Catalogue

NO_TIER = -1
TERMS = """
SELECT t.bundle_id, t.scheme = 'B', t.tier,
       coalesce(p.minutes, t.minutes),
       CASE WHEN p.id IS NULL THEN coalesce(t.vpn_minutes, -1) ELSE coalesce(p.vpn_minutes, -1) END,
       coalesce(p.used, 0)
FROM packages_wo_bundleterm t
LEFT JOIN packages_wo_pool p ON p.bundle_id = t.bundle_id AND p.month = %(day)s
WHERE t.bundle_id = ANY (%(bundles)s::bigint[]) AND t.valid_from <= %(day)s
  AND (t.valid_until IS NULL OR t.valid_until > %(day)s)
"""
TERM_TYPES = {
    "bundle": pa.int64(),
    "is_b": pa.bool_(),
    "tier": pa.int64(),
    "pool_minutes": pa.int64(),
    "vpn_minutes": pa.int64(),
    "pool_used": pa.int64(),
}
PACKS = """
SELECT t.bundle_id, p.pack, count(*)
FROM packages_wo_bundleterm t
JOIN packages_wo_termpack p ON p.term_id = t.id
WHERE t.bundle_id = ANY (%(bundles)s::bigint[]) AND t.valid_from <= %(day)s
  AND (t.valid_until IS NULL OR t.valid_until > %(day)s)
GROUP BY t.bundle_id, p.pack
"""
PACK_TYPES = {"bundle": pa.int64(), "pack": pa.string(), "count": pa.int64()}


@dataclass(slots=True)
class Terms(Columns):
    """Terms by row; ``tier`` NO_TIER: not in force. Units: minutes, -1 unlimited."""

    is_b: Flags
    tier: Ints
    pool_minutes: Ints
    vpn_minutes: Ints
    pool_used: Ints


@dataclass(slots=True)
class Packs:
    """How many of each pack every bundle has."""

    codes: Sequence[str]
    counts: NDArray[np.int64]

    def sum_of(self, catalogue: Catalogue, value: str, *, among: Sequence[str]) -> Ints:
        """The sum of a figure of these packs; those that the catalogue lacks count nothing."""
        figures = [
            int(getattr(catalogue.packs[code], value))
            if code in among and code in catalogue.packs
            else 0
            for code in self.codes
        ]
        return self.counts @ np.array(figures, np.int64)

    def has_unknown(self, catalogue: Catalogue) -> Flags:
        """Which bundles have a pack that this version of the catalogue does not know."""
        unknown = [code not in catalogue.packs for code in self.codes]
        return np.asarray(self.counts[:, unknown].any(axis=1), np.bool_)


def read_terms_on(day: date, bundles: Ints) -> tuple[Terms, Packs]:
    """The terms and packs of these bundles on a day, row by row."""
    asked = {"day": day, "bundles": bundles.tolist()}
    places = Places(bundles)
    found = copied(TERMS, asked, types=TERM_TYPES)
    terms = Terms(
        is_b=np.zeros(len(bundles), np.bool_),
        tier=np.full(len(bundles), NO_TIER, np.int64),
        pool_minutes=np.zeros(len(bundles), np.int64),
        vpn_minutes=np.zeros(len(bundles), np.int64),
        pool_used=np.zeros(len(bundles), np.int64),
    )
    rows = places.find(found["bundle"].to_numpy())
    for name in Terms.names():
        getattr(terms, name)[rows] = found[name].to_numpy(zero_copy_only=False)
    return terms, _packs(asked, places, len(bundles))


def _packs(asked: dict[str, object], places: Places, bundles: int) -> Packs:
    found = copied(PACKS, asked, types=PACK_TYPES)
    names = found["pack"].combine_chunks().dictionary_encode()
    names = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    codes = names.dictionary.to_pylist()
    counts = np.zeros((bundles, len(codes)), np.int64)
    if len(found):
        rows = places.find(found["bundle"].to_numpy())
        counts[rows, names.indices.to_numpy(zero_copy_only=False)] = found["count"].to_numpy()
    return Packs(codes, counts)
