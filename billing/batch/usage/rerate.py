"""Rating a month's records anew whose terms have changed: at its close, and when it starts late.

Source: RAT-2, RAT-14.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection

from billing.batch.usage.balances import count_pools
from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held, read_reached
from billing.batch.usage.draw import GROUPS
from billing.batch.usage.keep import redraw
from billing.batch.usage.rated_by import Seen, changed_since
from billing.batch.usage.store import ensure_month
from billing.batch.usage.terms import NO_BUNDLE, MonthTerms, read_terms
from billing.batch.usage.ways import BUNDLE_GROUP, DATA_GROUP
from billing.batch.usage.words import Ints
from bss.kernel import progress
from bss.kernel.periods import Month

AT_ONCE = 50_000
"""So many subscribers' records are rated at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerated:
    records: int = 0
    changed: int = 0
    rejected: int = 0


def rerate(month: Month, *, shard: int = 0, shards: int = 1, whole: bool = False) -> Rerated:
    """Rate records of an open month anew whose terms have changed since; or all, as a ``whole``.

    Only rows that come out differently are written.
    """
    ensure_month(month)
    terms = read_terms(month)
    reached = read_reached(area_codes=_area_codes(terms))
    changed, seen = changed_since(terms, reached)
    scope = _scope(terms, _with_records(month) if whole else changed)
    scope = scope[_owners(scope) % shards == shard]
    total = Rerated()
    for subscription, bundle in _portions(scope):
        done = _rerate_some(terms, reached, seen, subscription, bundle)
        total = Rerated(
            records=total.records + done.records,
            changed=total.changed + done.changed,
            rejected=total.rejected + done.rejected,
        )
        progress.tell("records rated", total.records, None)
    return total


def _scope(terms: MonthTerms, subscriptions: Ints) -> Ints:
    """These subscriptions and all in their bundles, each with its bundle, a bundle's together."""
    callers = terms.callers
    chosen = np.isin(callers.subscription, subscriptions)
    bundles = np.unique(callers.bundle[chosen])
    chosen |= np.isin(callers.bundle, bundles[bundles != NO_BUNDLE])
    scope = np.column_stack([callers.subscription[chosen], callers.bundle[chosen]])
    return scope[np.argsort(_owners(scope), kind="stable")]


def _owners(scope: Ints) -> Ints:
    """Whose allowances each draws on: a bundle's, or its own."""
    return np.where(scope[:, 1] != NO_BUNDLE, scope[:, 1] * 2, scope[:, 0] * 2 + 1)


def _with_records(month: Month) -> Ints:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subscription_id FROM billing_record"
            " WHERE month = %s AND billed_month = month",
            [month.first_day],
        )
        return np.array([one for (one,) in cursor.fetchall()], np.int64)


def _rerate_some(
    terms: MonthTerms, reached: Held, seen: Seen, subscription: Ints, bundle: Ints
) -> Rerated:
    bundles = np.unique(bundle[bundle > 0])

    def reached_for(records: Shaped, area_value: Ints, area_digits: Ints) -> Held:
        return reached

    groups = [bundles * GROUPS + BUNDLE_GROUP] + [
        subscription * GROUPS + kind for kind in range(BUNDLE_GROUP + 1, DATA_GROUP + 1)
    ]
    records, changed, rejected = redraw(
        month=terms,
        subscriptions=subscription,
        groups=np.concatenate(groups),
        reached_for=reached_for,
        seen=seen,
    )
    count_pools(terms.month, bundles.tolist())
    return Rerated(records=records, changed=changed, rejected=rejected)


def _portions(scope: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Parts of the scope in whole bundles."""
    owner = _owners(scope)
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))[: len(scope)]
    wanted = np.arange(AT_ONCE, len(scope), AT_ONCE)
    cuts = starts[np.searchsorted(starts, wanted, side="right") - 1]
    for part in np.split(scope, np.unique(cuts[cuts > 0])):
        if len(part):
            yield part[:, 0], part[:, 1]


def _area_codes(terms: MonthTerms) -> list[str]:
    return [
        f"{value:0{digits}d}"
        for value, digits in zip(
            terms.home_values.tolist(), terms.home_digits.tolist(), strict=True
        )
    ]
