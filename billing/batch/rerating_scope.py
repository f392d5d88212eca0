"""Whose month a re-rating is about, as the kernel takes them: whole bundles, shard by shard."""

from dataclasses import dataclass

import numpy as np

from billing.batch import sql
from billing.batch.usage.words import Ints
from billing.queries.rating_terms import rating_terms
from billing.rules.offerings import ChosenOffering
from billing.rules.rating import STANDARD_TARIFFS
from bss.kernel.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Subscriptions, each with its bundle in the month (0: none); a bundle's stand together."""

    subscription: Ints
    bundle: Ints

    def __len__(self) -> int:
        return len(self.subscription)


def scope_of(
    month: Month,
    offering: ChosenOffering,
    *,
    customer_id: int | None,
    shard: int,
    shards: int,
) -> Scope:
    """Who held the offering in the month, with all who share a bundle with them (RAT-2, RAT-12).

    Raises: NoCatalogueError.
    """
    rows = sql.run(
        "rerating_scope",
        {
            "month": month.first_day,
            "ends_at": month.ends_at,
            "version": rating_terms(month).version_id,
            "kind": str(offering.kind),
            "code": offering.code,
            "tier": offering.tier,
            "standard_for": [
                service for service, tariff in STANDARD_TARIFFS.items() if tariff == offering.code
            ],
            "customer": customer_id,
            "shard": shard,
            "shards": shards,
        },
    )
    found = np.array(rows, np.int64).reshape(-1, 2)
    return Scope(subscription=found[:, 0], bundle=found[:, 1])
