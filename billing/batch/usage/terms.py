"""What each caller is charged by in a month: its bundle, allowances and tariff; and the prices.

The SQL twin of what ``billing.queries.line_terms`` shows for one line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray

from billing.batch.usage.found import NOWHERE, Places
from billing.batch.usage.numbers import NumberKinds
from billing.batch.usage.segments import Segments, read_segments
from billing.batch.usage.tables import copied
from billing.batch.usage.words import Ints
from billing.queries.rating_terms import RatingTerms, rating_terms
from billing.rules.rating import STANDARD_TARIFFS
from bss.kernel.periods import Month

SERVICES = ("fixed", "m2g", "m3g", "broadband")
FIXED, M2G, M3G, BROADBAND = range(len(SERVICES))
UNLIMITED = -1
NO_BUNDLE = 0
KINDS = (
    "free",  # never priced; the classes of numbers come first, in their order
    "service",
    "hmt",
    "international",
    "local",
    "domestic",
    "forward",
    "roaming_mo",
    "roaming_mt",
    "roaming_hmt",
    "roaming_international",
    "sms",
    "data_kb",
)
FORWARD, ROAMING_MO, ROAMING_MT, ROAMING_HMT, ROAMING_INTERNATIONAL, SMS, DATA = range(6, 13)

CALLERS = """
WITH member AS (  -- in the VPN of a bundle in force this month (PAR-7: whoever has voice)
    SELECT m.subscription_id, m.bundle_id,
           m.part <> 'vpn_terminal' AND s.service IN ('fixed', 'm2g') AS shares_pool,
           CASE WHEN p.id IS NULL THEN t.minutes ELSE p.minutes END AS pool_minutes,
           CASE WHEN p.id IS NULL THEN t.vpn_minutes ELSE p.vpn_minutes END AS vpn_minutes
    FROM packages_wo_membership m
    JOIN customers_subscription s ON s.id = m.subscription_id
    JOIN packages_wo_bundleterm t
      ON t.bundle_id = m.bundle_id AND t.valid_from <= %(month)s
     AND (t.valid_until IS NULL OR t.valid_until > %(month)s)
    LEFT JOIN packages_wo_pool p ON p.bundle_id = m.bundle_id AND p.month = %(month)s
    WHERE m.state IN ('in_force', 'ended') AND s.service <> 'broadband'
      AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
      AND (%(everybody)s OR m.subscription_id = ANY (%(subscriptions)s))
),
own_plan AS (
    SELECT DISTINCT ON (subscription_id) subscription_id, plan
    FROM packages_wo_subscriptionplan
    WHERE valid_from < %(month_end)s
      AND (%(everybody)s OR subscription_id = ANY (%(subscriptions)s))
    ORDER BY subscription_id, valid_from DESC
)
SELECT s.id, s.service, coalesce(m.bundle_id, 0), coalesce(m.shares_pool, false),
       coalesce(m.pool_minutes, 0), coalesce(m.vpn_minutes, -1),
       CASE WHEN NOT coalesce(m.shares_pool, false) THEN coalesce(p.tariff, '')
            WHEN s.service = 'fixed' THEN %(fixed_standard)s
            ELSE %(m2g_standard)s END,
       CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.minutes, 0) END,
       CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.sms, 0) END,
       CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.data_kb, 0) END
FROM customers_subscription s
LEFT JOIN member m ON m.subscription_id = s.id
LEFT JOIN own_plan o ON o.subscription_id = s.id
LEFT JOIN packages_wo_plan p ON p.version_id = %(version)s AND p.code = o.plan
WHERE %(everybody)s OR s.id = ANY (%(subscriptions)s)
"""
TYPES = {
    "subscription": pa.int64(),
    "service": pa.string(),
    "bundle": pa.int64(),
    "shares_pool": pa.bool_(),
    "pool_minutes": pa.int64(),
    "vpn_minutes": pa.int64(),
    "tariff": pa.string(),
    "minutes": pa.int64(),
    "sms": pa.int64(),
    "data_kb": pa.int64(),
}


@dataclass(frozen=True, slots=True)
class Prices:
    """Rows of the tariff tables; ``row_of[tariff, kind]`` is NOWHERE where there is no price."""

    row_of: NDArray[np.int32]
    rate_id: Ints
    first_s: Ints
    first_hao: Ints
    next_s: Ints
    next_hao: Ints


@dataclass(frozen=True, slots=True)
class Callers:
    """Terms by row; ``places`` finds a subscription's row. Units: minutes, texts, KB."""

    places: Places
    subscription: Ints
    service: NDArray[np.int8]
    bundle: Ints
    shares_pool: NDArray[np.bool_]
    pool_minutes: Ints
    vpn_minutes: Ints
    tariff: NDArray[np.int32]
    minutes: Ints
    sms: Ints
    data_kb: Ints


@dataclass(frozen=True, slots=True)
class MonthTerms:
    """All that pricing a month's records needs; the home areas are as ``Segments`` numbers them."""

    month: Month
    callers: Callers
    prices: Prices
    kinds: NumberKinds
    home_values: Ints
    home_digits: Ints
    segments: Segments
    overflow_hao: int
    vpn_3g_minutes: int


def read_terms(month: Month, *, subscriptions: Sequence[int] | None = None) -> MonthTerms:
    """The terms in the month of these subscriptions and all in their bundles, or of everybody.

    Raises: NoCatalogueError.
    """
    catalogue = rating_terms(month)
    if subscriptions is not None:
        subscriptions = _with_their_bundles(subscriptions)
    tariffs, prices = _prices(catalogue.version_id)
    areas = catalogue.number_plan.home_areas
    return MonthTerms(
        month=month,
        callers=_callers(month, catalogue, tariffs, subscriptions),
        prices=prices,
        kinds=NumberKinds(catalogue.number_plan),
        home_values=np.array([int(code) for code in areas], np.int64),
        home_digits=np.array([len(code) for code in areas], np.int64),
        segments=read_segments(tuple(areas.values())),
        overflow_hao=catalogue.overflow_hao,
        vpn_3g_minutes=catalogue.vpn_3g_minutes,
    )


def _with_their_bundles(subscriptions: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other.subscription_id FROM packages_wo_membership own"
            " JOIN packages_wo_membership other ON other.bundle_id = own.bundle_id"
            " WHERE own.subscription_id = ANY (%s)",
            [list(subscriptions)],
        )
        return sorted({*subscriptions, *(found for (found,) in cursor.fetchall())})


def _prices(version_id: int) -> tuple[dict[str, int], Prices]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tariff, kind, id, first_s, first_hao, next_s, next_hao"
            " FROM packages_wo_tariffrate WHERE version_id = %s",
            [version_id],
        )
        rows = cursor.fetchall()
    tariffs = {name: number for number, name in enumerate(dict.fromkeys(row[0] for row in rows))}
    row_of = np.full((len(tariffs) + 1, len(KINDS)), NOWHERE, np.int32)
    for number, row in enumerate(rows):
        if row[1] in KINDS:
            row_of[tariffs[row[0]], KINDS.index(row[1])] = number
    numbers = np.array([row[2:] for row in rows], np.int64).reshape(len(rows), 5)
    return tariffs, Prices(row_of, *(numbers[:, column].copy() for column in range(5)))


def _callers(
    month: Month,
    catalogue: RatingTerms,
    tariffs: dict[str, int],
    subscriptions: Sequence[int] | None,
) -> Callers:
    table = copied(
        CALLERS,
        {
            "month": month.first_day,
            "month_end": month.ends_at,
            "version": catalogue.version_id,
            "everybody": subscriptions is None,
            "subscriptions": list(subscriptions or ()),
            "fixed_standard": STANDARD_TARIFFS["fixed"],
            "m2g_standard": STANDARD_TARIFFS["m2g"],
        },
        types=TYPES,
    )
    numbers = {name: table[name].to_numpy() for name in TYPES if name not in ("service", "tariff")}
    return Callers(
        places=Places(numbers["subscription"]),
        service=_numbered(table["service"], {name: n for n, name in enumerate(SERVICES)}).astype(
            np.int8
        ),
        tariff=_numbered(table["tariff"], tariffs, other=len(tariffs)),
        **numbers,
    )


def _numbered(
    column: pa.ChunkedArray, numbers: dict[str, int], *, other: int = 0
) -> NDArray[np.int32]:
    """Words as their numbers."""
    encoded = column.combine_chunks().dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    table = np.array(
        [numbers.get(word, other) for word in encoded.dictionary.to_pylist()] or [other], np.int32
    )
    return (
        table[encoded.indices.to_numpy(zero_copy_only=False)]
        if len(encoded)
        else np.zeros(0, np.int32)
    )
