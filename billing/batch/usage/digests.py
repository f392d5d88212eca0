"""Digests of all that a record's rating hangs on: what is equal in them rates equally.

Source: RAT-14. 64 bits: of many million comparisons a month, none is wrong by chance in a lifetime.
"""

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage.directory import Held
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.terms import NO_BUNDLE, MonthTerms, Prices
from billing.batch.usage.words import Ints, Words, key_of, mixed

ODD = np.uint64(0x9E3779B97F4A7C15)


def terms_digests(month: MonthTerms) -> Ints:
    """The digest of each caller's terms, as the rows of ``month.callers``.

    Members of a bundle share it, and their calls to one another are for its VPN: the terms of all
    of them are in the digest of each.
    """
    callers = month.callers
    tariff = _tariff_digests(month.prices)[callers.tariff]
    own = _chained(
        [
            callers.subscription, callers.service, callers.bundle, callers.shares_pool,
            callers.pool_minutes, callers.vpn_minutes, tariff, callers.minutes, callers.sms,
            callers.data_kb,
        ]
    )  # fmt: skip
    bundles, number = np.unique(callers.bundle, return_inverse=True)
    together = np.zeros(len(bundles), np.uint64)
    np.add.at(together, number, own)
    shared = np.where(callers.bundle == NO_BUNDLE, np.uint64(0), together[number])
    house = np.full(len(own), _house_digest(month), np.uint64)
    return _chained([own, shared, house]).view(np.int64)


def directory_digest(held: Held, *, before_us: int) -> int:
    """Who had which number before that moment, as it is known now."""
    rows = np.flatnonzero(held.since_us < before_us)
    spans = _chained(
        [
            np.repeat(held.code, held.count)[rows], held.since_us[rows],
            np.minimum(held.until_us[rows], before_us), held.subscription[rows],
            held.area_value[rows], held.area_digits[rows],
        ]
    )  # fmt: skip
    return int(spans.sum(dtype=np.uint64).view(np.int64))


def _house_digest(month: MonthTerms) -> np.uint64:
    """What holds for every caller."""
    facts = (month.overflow_hao, month.vpn_3g_minutes, month.segments.digest, month.kinds.plan)
    return np.uint64(key_of(repr(facts)) & (1 << 64) - 1)


def _tariff_digests(prices: Prices) -> Ints:
    """By number of tariff, whatever the order in which its rates were read."""
    if not len(prices.rate_id):
        return np.zeros(len(prices.row_of), np.int64)
    kinds = np.arange(prices.row_of.shape[1])
    row = np.maximum(prices.row_of, 0)
    rates = _chained(
        [
            np.broadcast_to(kinds, row.shape), prices.rate_id[row], prices.first_s[row],
            prices.first_hao[row], prices.next_s[row], prices.next_hao[row],
        ]
    )  # fmt: skip
    found = np.where(prices.row_of == NOWHERE, np.uint64(0), rates)
    return found.sum(axis=1, dtype=np.uint64).view(np.int64)


def _chained(columns: "list[NDArray[np.generic]]") -> Words:
    """One number for each row of the columns."""
    digest = np.zeros(np.shape(columns[0]), np.uint64)
    for column in columns:
        digest = mixed(digest * ODD + column.astype(np.uint64))
    return digest
