"""Rating a month's records anew and whole: at its close, and after whatever changed its terms.

Source: RAT-2, RAT-14.
"""

from dataclasses import dataclass

import numpy as np
from django.db import connection

from billing.batch.usage.balances import count_pools
from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held, read_reached
from billing.batch.usage.draw import GROUPS
from billing.batch.usage.keep import redraw
from billing.batch.usage.store import ensure_month
from billing.batch.usage.terms import MonthTerms, read_terms
from billing.batch.usage.ways import BUNDLE_GROUP, DATA_GROUP
from billing.batch.usage.words import Ints
from bss.kernel import progress
from bss.kernel.periods import Month

AT_ONCE = 500_000
"""So many records are rated at once."""

SCOPE = """
SELECT u.subscription_id, coalesce(m.bundle_id, 0)
FROM (SELECT DISTINCT subscription_id FROM billing_record
      WHERE month = %(month)s AND billed_month = month) u
LEFT JOIN packages_wo_membership m
  ON m.subscription_id = u.subscription_id AND m.state IN ('in_force', 'ended')
 AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
WHERE mod(coalesce(m.bundle_id * 2, u.subscription_id * 2 + 1), %(shards)s) = %(shard)s
ORDER BY coalesce(m.bundle_id * 2, u.subscription_id * 2 + 1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerated:
    records: int = 0
    changed: int = 0
    rejected: int = 0


def rerate(month: Month, *, shard: int = 0, shards: int = 1) -> Rerated:
    """Rate the shard's records of an open month anew; only rows that change are written."""
    ensure_month(month)
    with connection.cursor() as cursor:
        cursor.execute(SCOPE, {"month": month.first_day, "shard": shard, "shards": shards})
        scope = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
        cursor.execute("SELECT count(*) FROM billing_record WHERE month = %s", [month.first_day])
        records = int(cursor.fetchone()[0])
    if not len(scope):
        return Rerated()
    terms = read_terms(month)
    reached = read_reached(area_codes=_area_codes(terms))
    total = Rerated()
    for subscription, bundle in _portions(scope, 1 + records // shards // AT_ONCE):
        done, changed, rejected = _rerate_some(terms, reached, subscription, bundle)
        total = Rerated(
            records=total.records + done,
            changed=total.changed + changed,
            rejected=total.rejected + rejected,
        )
        progress.tell("records", total.records, records if shards == 1 else None)
    return total


def _rerate_some(
    terms: MonthTerms, reached: Held, subscription: Ints, bundle: Ints
) -> tuple[int, int, int]:
    bundles = np.unique(bundle[bundle > 0])

    def reached_for(records: Shaped, area_value: Ints, area_digits: Ints) -> Held:
        return reached

    groups = [bundles * GROUPS + BUNDLE_GROUP] + [
        subscription * GROUPS + kind for kind in range(BUNDLE_GROUP + 1, DATA_GROUP + 1)
    ]
    found = redraw(
        month=terms,
        subscriptions=subscription,
        groups=np.concatenate(groups),
        reached_for=reached_for,
    )
    count_pools(terms.month, bundles.tolist())
    return found


def _portions(scope: Ints, count: int) -> list[tuple[Ints, Ints]]:
    """Parts of the scope in whole bundles: rows of one bundle stand together."""
    owner = np.where(scope[:, 1] > 0, scope[:, 1] * 2, scope[:, 0] * 2 + 1)
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    cuts = starts[np.linspace(0, len(starts), count, endpoint=False).astype(np.int64)][1:]
    return [(part[:, 0], part[:, 1]) for part in np.split(scope, np.unique(cuts)) if len(part)]


def _area_codes(terms: MonthTerms) -> list[str]:
    return [
        f"{value:0{digits}d}"
        for value, digits in zip(
            terms.home_values.tolist(), terms.home_digits.tolist(), strict=True
        )
    ]
