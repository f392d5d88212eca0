"""What use costs under other allowances: ``billing.rules.advice`` in columns.

What was asked of an allowance before a record is a running sum over its bundle, so that another
limit needs no new serving: a record is charged for as much of it as lies beyond the limit.
Source: RAT-2, RAT-8, RAT-9, RAT-12, GEN-3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from billing.batch.advice.use import Use
from billing.batch.usage.terms import UNLIMITED
from billing.batch.usage.words import Ints
from billing.rules.advice import HAO_PER_FEN


@dataclass(slots=True)
class Beyond:
    """What the VPN minutes leave over: rows that draw on the pool, and lines but for these."""

    use: Use
    bundle: Ints
    line: Ints
    before: Ints
    after: Ints
    line_hao: Ints

    def usage_fen(self, pools: Iterable[Ints], *, overflow_hao: int) -> Iterator[Ints]:
        """Each bundle's usage for each choice of pools, by bundle, the smaller before the larger.

        Who is within a pool is within every larger one, and is not looked at again.
        """
        use = self.use
        line_fen = _fen(self.line_hao)
        within = np.bincount(use.line_bundle, line_fen, use.bundles).astype(np.int64)
        bundle, line, before, after = self.bundle, self.line, self.before, self.after
        for pool in pools:
            limit = pool[bundle]
            over = np.flatnonzero(after > limit)
            bundle, line, before, after = bundle[over], line[over], before[over], after[over]
            charged = after - np.maximum(before, limit[over])
            added = np.bincount(line, charged, len(line_fen))
            touched = np.flatnonzero(added)
            hao = self.line_hao[touched] + added[touched].astype(np.int64) * overflow_hao
            more = np.bincount(use.line_bundle[touched], _fen(hao) - line_fen[touched], use.bundles)
            yield within + more.astype(np.int64)


def beyond_vpn(use: Use, vpn_minutes: Ints, *, overflow_hao: int) -> Beyond:
    """Serve the VPN minutes (by bundle, UNLIMITED), and add up what draws on the pool."""
    starts = np.searchsorted(use.bundle, use.bundle)
    asked = np.where(use.has_vpn, use.quantity, 0)
    limit = vpn_minutes[use.bundle]
    left = np.maximum(limit - _before(asked, starts), 0)
    rest = use.quantity - np.where(limit == UNLIMITED, asked, np.minimum(asked, left))
    units = np.where(use.has_pool, rest, 0)
    before = _before(units, starts)
    alone = np.bincount(use.line, np.where(use.has_pool, 0, rest), len(use.line_bundle))
    rows = np.flatnonzero(units)
    return Beyond(
        use=use,
        bundle=use.bundle[rows],
        line=use.line[rows],
        before=before[rows],
        after=(before + units)[rows],
        line_hao=use.fixed_hao + alone.astype(np.int64) * overflow_hao,
    )


def _before(units: Ints, starts: Ints) -> Ints:
    """What was asked before each row since its bundle's first."""
    before = np.cumsum(units) - units
    return before - before[starts]


def _fen(hao: Ints) -> Ints:
    """Half up; no line costs less than nothing."""
    return (hao + HAO_PER_FEN // 2) // HAO_PER_FEN
