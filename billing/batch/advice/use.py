"""The rated records that share a bundle's allowances, in the order in which they are served."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.db import connection

from billing.batch.usage import ways
from billing.batch.usage.columns import Columns
from billing.batch.usage.draw import SECOND_BITS, served_in_order
from billing.batch.usage.formats import format_of, id_of
from billing.batch.usage.found import Places
from billing.batch.usage.tables import copied
from billing.batch.usage.words import Flags, Ints, micros_of
from billing.models import UsageFile
from billing.rules.advice import SHARED_ITEMS
from billing.rules.charging import BUNDLE_VPN_WAYS, POOL_WAYS, Draws
from billing.rules.house import ITEMS
from bss.kernel.periods import Month

FEW = 500
"""Up to so many bundles their members' records are looked up; of more the month is read."""
ROWS = """
SELECT bundle_id, subscription_id, item, way, quantity, quantity - vpn_minutes - drawn_units,
       amount_hao, (date_part('epoch', end_at) * 1000000)::bigint, key, file_id, line_no
FROM billing_record
WHERE month = %(month)s AND billed_month = %(month)s AND bundle_id = ANY (%(bundles)s::bigint[])
  AND item = ANY (%(items)s) AND (way = ANY (%(ways)s) OR amount_hao <> 0)
"""
OF_FEW = """
  AND subscription_id IN (
    SELECT subscription_id FROM packages_wo_membership
    WHERE bundle_id = ANY (%(bundles)s::bigint[])
  )
"""
NAMES = (
    "bundle", "subscription", "item", "way", "quantity", "charged", "amount_hao", "end_us", "key",
    "file_id", "line_no",
)  # fmt: skip
TYPES = {name: pa.int64() for name in NAMES}
SHARED_WAYS = sorted({*POOL_WAYS, *BUNDLE_VPN_WAYS})
IS_SHARED = np.isin(np.arange(len(ways.DRAW)), SHARED_WAYS)


@dataclass(slots=True)
class Rows(Columns):
    """Rows of records. ``charged`` are the minutes beyond the allowances as they were rated."""

    bundle: Ints
    subscription: Ints
    item: Ints
    way: Ints
    quantity: Ints
    charged: Ints
    amount_hao: Ints
    end_us: Ints
    key: Ints
    file_id: Ints
    line_no: Ints


@dataclass(slots=True)
class Use:
    """What bundles used of what they share, by row as it is served; lines by their number.

    ``fixed_hao`` is what a line costs whatever the allowances give. ``is_at_price``: whose minutes
    beyond cost the price that the month's catalogue says now. Units: minutes, hao.
    """

    bundles: int
    bundle: Ints
    line: Ints
    quantity: Ints
    has_vpn: Flags
    has_pool: Flags
    line_bundle: Ints
    fixed_hao: Ints
    minutes: Ints
    beyond: Ints
    is_at_price: Flags

    @property
    def has_rows(self) -> Flags:
        """Which bundles have any."""
        return np.bincount(self.bundle, minlength=self.bundles) > 0


def read_use(month: Month, bundles: Ints, *, overflow_hao: int) -> Use:
    """What these bundles (rows, by their ids) used in a month that is closed. Source: RAT-2."""
    found = copied(
        ROWS + (OF_FEW if len(bundles) <= FEW else ""),
        {
            "month": month.first_day,
            "bundles": bundles.tolist(),
            "items": [ITEMS.index(item) for item in SHARED_ITEMS],
            "ways": SHARED_WAYS,
        },
        types=TYPES,
    )
    rows = Rows(*(found[name].to_numpy() for name in NAMES))
    place = Places(bundles).find(rows.bundle).astype(np.int64)
    is_shared = IS_SHARED[rows.way]
    charged = np.where(is_shared, rows.charged, 0)
    line, line_bundle = _lines(rows, place)
    fixed = rows.amount_hao - charged * overflow_hao
    is_odd = is_shared & np.where(ways.HAS_SURCHARGE[rows.way], fixed < 0, fixed != 0)
    order = _in_order(month, rows, place, np.flatnonzero(is_shared))
    way = rows.way[order]
    return Use(
        bundles=len(bundles),
        bundle=place[order],
        line=line[order],
        quantity=rows.quantity[order],
        has_vpn=ways.VPN[way] == Draws.BUNDLE_VPN,
        has_pool=ways.DRAW[way] == Draws.POOL,
        line_bundle=line_bundle,
        fixed_hao=np.bincount(line, fixed, len(line_bundle)).astype(np.int64),
        minutes=_by_bundle(place, np.where(is_shared, rows.quantity, 0), len(bundles)),
        beyond=_by_bundle(place, charged, len(bundles)),
        is_at_price=_by_bundle(place, is_odd, len(bundles)) == 0,
    )


def _lines(rows: Rows, place: Ints) -> tuple[Ints, Ints]:
    """The number of each row's line (subscription × item), and whose each line is."""
    keys, first, line = np.unique(
        rows.subscription * len(ITEMS) + rows.item, return_index=True, return_inverse=True
    )
    return line.astype(np.int64), place[first] if len(keys) else np.zeros(0, np.int64)


def _by_bundle(place: Ints, values: Ints, bundles: int) -> Ints:
    return np.bincount(place, values, bundles).astype(np.int64)


def _in_order(month: Month, rows: Rows, place: Ints, among: Ints) -> Ints:
    """Those rows by bundle, end and record id."""
    start_us = micros_of(month.starts_at)
    seconds = (rows.end_us[among] - start_us) // 1_000_000
    key = (place[among] + 1 << SECOND_BITS) | seconds
    order = np.argsort(key)
    in_order = key[order]
    together = np.flatnonzero(in_order[1:] == in_order[:-1])
    if not len(together):
        return among[order]
    tied = among[order[np.unique(np.concatenate([together, together + 1]))]]
    names = _record_ids(month, rows, tied)
    in_turn = served_in_order(
        place[among] + 1,
        rows.end_us[among],
        month_start_us=start_us,
        ids_of=lambda some: [names[row] for row in among[some].tolist()],
    )
    return among[in_turn]


def _record_ids(month: Month, rows: Rows, tied: Ints) -> dict[int, str]:
    """Row → record id, which only the line has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, file_id, line_no, line FROM billing_record"
            " WHERE month = %s AND key = ANY (%s)",
            [month.first_day, rows.key[tied].tolist()],
        )
        lines = {tuple(place): line for *place, line in cursor.fetchall()}
    files = UsageFile.objects.in_bulk(np.unique(rows.file_id[tied]).tolist())
    formats = {number: format_of(file) for number, file in files.items()}
    return {
        row: id_of(formats[file], lines[key, file, line_no])
        for row, key, file, line_no in zip(
            tied.tolist(),
            rows.key[tied].tolist(),
            rows.file_id[tied].tolist(),
            rows.line_no[tied].tolist(),
            strict=True,
        )
    }
