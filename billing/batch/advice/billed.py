"""What a month's bills say of bundles: all their members' lines, whoever paid them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billing.batch.usage.columns import Columns
from billing.batch.usage.found import Places
from billing.batch.usage.tables import copied
from billing.batch.usage.words import Flags, Ints
from billing.rules.advice import FEES, OUTSIDE, SHARED_ITEMS
from bss.kernel.periods import Month

BILLED = """
SELECT m.bundle_id, bool_or(l.item = 'BUNDLE_FEE'), sum(l.amount_fen)::bigint,
       coalesce(sum(l.amount_fen) FILTER (WHERE l.item = ANY (%(fees)s)), 0)::bigint,
       coalesce(sum(l.amount_fen) FILTER (WHERE l.item = ANY (%(shared)s)), 0)::bigint
FROM packages_wo_membership m
JOIN billing_billline l ON l.subscription_id = m.subscription_id
JOIN billing_bill b ON b.id = l.bill_id AND b.month = %(month)s
WHERE m.bundle_id = ANY (%(bundles)s::bigint[]) AND m.state IN ('in_force', 'ended')
  AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
  AND l.item <> ALL (%(outside)s)
GROUP BY m.bundle_id
"""
TYPES = {
    "bundle": pa.int64(),
    "has_fee": pa.bool_(),
    "billed_fen": pa.int64(),
    "fees_fen": pa.int64(),
    "shared_fen": pa.int64(),
}


@dataclass(slots=True)
class Billed(Columns):
    """Sums by row. ``has_fee``: a month without the bundle's fee is not compared (CRD-5)."""

    has_fee: Flags
    billed_fen: Ints
    fees_fen: Ints
    shared_fen: Ints

    @property
    def rest_fen(self) -> Ints:
        """What stays whatever the tier and the packs of minutes are."""
        return self.billed_fen - self.fees_fen - self.shared_fen


def read_billed(month: Month, bundles: Ints) -> Billed:
    """What these bundles were billed for the month, row by row; nothing where no bill is."""
    found = copied(
        BILLED,
        {
            "month": month.first_day,
            "bundles": bundles.tolist(),
            "fees": list(FEES),
            "shared": list(SHARED_ITEMS),
            "outside": list(OUTSIDE),
        },
        types=TYPES,
    )
    billed = Billed(
        np.zeros(len(bundles), np.bool_), *(np.zeros(len(bundles), np.int64) for _ in range(3))
    )
    rows = Places(bundles).find(found["bundle"].to_numpy())
    for name in Billed.names():
        getattr(billed, name)[rows] = found[name].to_numpy(zero_copy_only=False)
    return billed
