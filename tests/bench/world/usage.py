"""A month's usage as switches send it: seeded, shuffled, of all kinds, with what must be refused.

A fifth of the bundles talk ten times as long as the others, so that their pools are crossed. One
record in a hundred came before, half of these in the month before; one in a hundred has another
fault.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from billing.rules.usage_record import FIELDS
from bss.kernel.periods import Month

AT_ONCE = 500_000
EARLIER = 100_000
"""Ids of the month before that may come again: that month is written with these at least."""
KINDS = ("mo",) * 60 + ("mt",) * 10 + ("cf",) * 5 + ("sms",) * 15 + ("data",) * 10
VOICE = 75
"""So many of the kinds are voice, which fixed lines have alone."""
OTHERS = (
    "88880001", "62345678", "02188880001", "075512345678", "13911112222", "18612345678",
    "+8613711112222", "0085223456789", "0012125550100", "95588", "10086", "110", "8008101234",
    "4008001234", "1790902188880001",
)  # fmt: skip
SUBSCRIPTIONS = """
SELECT s.number, s.service, coalesce(m.bundle_id, 0)
FROM customers_subscription s
LEFT JOIN packages_wo_membership m ON m.subscription_id = s.id
WHERE s.service <> 'broadband' ORDER BY s.id
"""


def write_usage(
    path: Path,
    *,
    month: Month,
    records: int,
    seed: int = 7,
    first_id: int = 0,
    days: tuple[int, int] = (1, 28),
) -> None:
    """Write so many records of these days of the month, numbered from ``first_id``."""
    with connection.cursor() as cursor:
        cursor.execute(SUBSCRIPTIONS)
        rows = cursor.fetchall()
    numbers = pa.array([number for number, _, _ in rows])
    bundles = np.array([bundle for _, _, bundle in rows])
    is_mobile = np.array([service != "fixed" for _, service, _ in rows])
    with path.open("wb") as file:
        file.write((",".join(FIELDS) + "\n").encode())
        for first in range(0, records, AT_ONCE):
            count = min(AT_ONCE, records - first)
            random = np.random.default_rng((seed, first))
            people = numbers, bundles, is_mobile
            file.write(_lines(random, month, first_id + first, count, people, days))


def _lines(random, month, first_id, count, people, days) -> bytes:
    numbers, bundles, is_mobile = people
    who = random.integers(0, len(bundles), count)
    kinds = random.integers(0, len(KINDS), count)
    kind = pa.array(KINDS).take(pa.array(np.where(is_mobile[who], kinds, kinds % VOICE)))
    is_voice = np.isin(kind.to_numpy(zero_copy_only=False), ("mo", "mt", "cf"))
    talks = bundles[who] % 5 == 1
    seconds = random.integers(0, 240, count) * np.where(talks & (bundles[who] > 0), 10, 1)
    first_day, last_day = days
    at = random.integers((first_day - 1) * 86_400, last_day * 86_400 - 3_000, count)
    moment = np.datetime64(str(month), "s") + at.astype("timedelta64[s]")
    member = random.integers(0, len(bundles), count)
    near = random.random(count) < 0.2
    other = pc.if_else(
        pa.array(near),
        numbers.take(pa.array(np.minimum(who + 1, len(bundles) - 1))),
        pc.if_else(
            pa.array(random.random(count) < 0.5),
            numbers.take(pa.array(member)),
            pa.array(OTHERS).take(pa.array(random.integers(0, len(OTHERS), count))),
        ),
    )
    number = numbers.take(pa.array(who))
    fault = random.random(count)
    number = pc.if_else(pa.array(fault < 0.005), "13999999999", number)
    kind = pc.if_else(pa.array((fault >= 0.005) & (fault < 0.01)), "fax", kind)
    ids = np.arange(first_id, first_id + count)
    again = random.random(count)
    months = np.where(again < 0.005, str(month.previous), str(month))
    ids = np.where(again < 0.005, ids % EARLIER, ids)
    ids = np.where((again >= 0.005) & (again < 0.01), np.maximum(ids - 1000, first_id), ids)
    record_id = pc.binary_join_element_wise(
        pa.array(months), pc.utf8_lpad(pa.array(ids).cast(pa.string()), 11, "0"), "-"
    )
    is_data = pc.equal(kind, "data")
    columns = [
        record_id,
        number,
        kind,
        pc.if_else(is_data, "", other),
        pa.array(np.datetime_as_string(moment)),
        pc.if_else(pa.array(is_voice), pa.array(seconds).cast(pa.string()), ""),
        pa.array(np.where(random.random(count) < 0.03, "021", "010")),
        pc.if_else(is_data, pa.array(random.integers(0, 9000, count)).cast(pa.string()), ""),
        pa.array(np.where(random.random(count) < 0.02, "5000", "")),
    ]
    lines = pc.binary_join_element_wise(*columns, ",")
    order = pa.array(random.permutation(count))
    return ("\n".join(lines.take(order).to_pylist()) + "\n").encode()
