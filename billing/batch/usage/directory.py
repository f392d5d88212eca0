"""Whose a number was at a moment: the callers, and whom a called number reached.

A caller's subscription was active; a called number reaches whoever held it and was not terminated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billing.batch.usage.found import NOWHERE, Places
from billing.batch.usage.numbers import code_of_parts
from billing.batch.usage.shape import code_of
from billing.batch.usage.tables import FOREVER_US, copied
from billing.batch.usage.words import (
    PADDING,
    Flags,
    Ints,
    Words,
    fields_of_texts,
    read_number,
    words_of,
)

HELD = """
    SELECT n.number, n.subscription_id,
           {since}, {until},
           CASE WHEN s.service = 'fixed' THEN coalesce(h.code, s.area) ELSE s.area END
    FROM customers_numberassignment n
    JOIN customers_subscription s ON s.id = n.subscription_id
    {active}
    LEFT JOIN LATERAL (
        SELECT code FROM unnest(%(area_codes)s::text[]) AS a (code)
        WHERE starts_with(n.number, code) ORDER BY length(code) DESC LIMIT 1
    ) h ON s.service = 'fixed'
    WHERE %(everybody)s OR n.number = ANY (%(numbers)s)
    ORDER BY n.number, n.valid_from
"""
MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"
REACHED = HELD.format(
    since=MICROS.format("n.valid_from"),
    until=f"coalesce({MICROS.format('least(n.valid_until, s.ended_at)')}, %(forever)s)",
    active="",
)
CALLERS = HELD.format(
    since=MICROS.format("greatest(n.valid_from, t.valid_from)"),
    until=f"coalesce({MICROS.format('least(n.valid_until, t.valid_until)')}, %(forever)s)",
    active="JOIN customers_subscriptionstate t ON t.subscription_id = s.id AND t.state = 'active'",
)
TYPES = {
    "number": pa.string(),
    "subscription": pa.int64(),
    "since_us": pa.int64(),
    "until_us": pa.int64(),
    "area": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Held:
    """Who held which numbers from when to when, the spans of one number together.

    ``code``, ``first`` and ``count`` have a row for each number, the others one for each span.
    """

    code: Ints
    places: Places
    first: Ints
    count: Ints
    since_us: Ints
    until_us: Ints
    subscription: Ints
    area_value: Ints
    area_digits: Ints

    def find(self, code: Ints, moment_us: Ints) -> tuple[Ints, Flags]:
        """The span of each number at its moment or NOWHERE, and whether the number is known."""
        place = self.places.find(code)
        known = place != NOWHERE
        found = np.full(len(code), NOWHERE, np.int64)
        if not len(self.first):
            return found, known
        left = np.flatnonzero(known)
        number = 0
        while len(left):
            at = place[left]
            row = self.first[at] + number
            moment = moment_us[left]
            fits = (self.since_us[row] <= moment) & (moment < self.until_us[row])
            found[left[fits]] = row[fits]
            number += 1
            left = left[~fits & (self.count[at] > number)]
        return found, known


def read_callers(*, area_codes: Sequence[str], numbers: Sequence[str] | None = None) -> Held:
    """Who was active under these numbers, or under any."""
    return _held(CALLERS, area_codes, numbers)


def read_reached(*, area_codes: Sequence[str], numbers: Sequence[str] | None = None) -> Held:
    """Whom these numbers reached, or any."""
    return _held(REACHED, area_codes, numbers)


def _held(query: str, area_codes: Sequence[str], numbers: Sequence[str] | None) -> Held:
    parameters = {
        "area_codes": list(area_codes),
        "everybody": numbers is None,
        "numbers": list(numbers or ()),
        "forever": FOREVER_US,
    }
    table = copied(query, parameters, types=TYPES)
    code = _codes(_whole(table["number"]))
    order = np.argsort(code, kind="stable")
    code = code[order]
    different, first, count = np.unique(code, return_index=True, return_counts=True)
    value, digits = _areas(table["area"])
    return Held(
        code=different,
        places=Places(different),
        first=first.astype(np.int64),
        count=count.astype(np.int64),
        since_us=table["since_us"].to_numpy()[order],
        until_us=table["until_us"].to_numpy()[order],
        subscription=table["subscription"].to_numpy()[order],
        area_value=value[order],
        area_digits=digits[order],
    )


def _codes(texts: pa.StringArray) -> Ints:
    """``code_of`` for many."""
    words, start, length = _fields(texts)
    value, fits = read_number(words, start, length)
    fits &= length > 0
    codes = code_of_parts(value, np.where(fits, length, 0))
    for row in np.flatnonzero(~fits).tolist():
        codes[row] = code_of(texts[row].as_py())
    return codes


def _areas(column: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Area codes as value and digits; what is not digits fits no number and no visited area."""
    words, start, length = _fields(pc.fill_null(_whole(column), ""))
    value, fits = read_number(words, start, length)
    return np.where(fits, value, -1), np.where(fits, length, 0)


def _whole(column: pa.ChunkedArray) -> pa.StringArray:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())


def _fields(texts: pa.StringArray) -> tuple[Words, Ints, Ints]:
    """The texts as fields of one padded buffer."""
    if not len(texts):
        return fields_of_texts([])
    offsets = np.frombuffer(texts.buffers()[1], np.int32)
    ends = offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    raw = np.zeros(int(ends[-1]) + PADDING, np.uint8)
    if ends[-1]:
        raw[: ends[-1]] = np.frombuffer(texts.buffers()[2], np.uint8)[: ends[-1]]
    return words_of(raw), ends[:-1], np.diff(ends)
