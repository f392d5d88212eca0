"""Record ids that ever came: a filter per load, and an exact look for what the filters let pass.

Two ids are one when 128 bits of them agree: the key, which is indexed, and the check, which is
computed from the id that stands in the kept line.
Source: RAT-15; rules.md section 6 ("record_id is unique for ever").
"""

import io
import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray

from billing.batch.archive.ids import archived_ids
from billing.batch.usage.binary import DATE, HEADER, INT4, array_of, copy_row, days_of
from billing.batch.usage.found import NOWHERE, Places
from billing.batch.usage.tables import copied
from billing.batch.usage.words import CHECK_SEED, Ints, Words, fields_of_texts, keys_of
from billing.queries.archive_file import archived_months

PLAIN_AT_MOST = 50_000
"""Loads with fewer keys keep these themselves; larger ones a filter of BITS_PER_KEY or more."""
BITS_PER_KEY = 16
PROBES = 5
STEP = np.uint64(0xD6E8FEB86659FD93)
FEW = 5_000
"""So few keys are looked up one by one, without the filters."""
AT_ONCE = 500_000
"""So many keys are compared at once: what that needs of memory has a bound."""
MARKS_AT_ONCE = 1 << 27
"""So many marks of a filter are in memory as a byte each while it is made."""
_BIT = np.array([1 << bit for bit in range(8)], np.uint8)
KEYS_OF_REJECTS = "SELECT key FROM billing_usagereject WHERE key IS NOT NULL"
IdsIn = Callable[[int, Sequence[str]], list[str]]
"""The record ids in lines of a file."""
Months = Collection[date]


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The keys of one load and where its records are."""

    parts: Sequence[int]
    months: Sequence[date]
    bits: int
    content: bytes


def filter_of(keys: Ints) -> tuple[int, bytes]:
    """Bits and content of ``billing_known_ids`` for a load's keys; in order, it is quicker."""
    if len(keys) <= PLAIN_AT_MOST:
        return 0, keys.astype("<i8").tobytes()
    bits = int(len(keys) * BITS_PER_KEY - 1).bit_length()
    segments = range(0, 1 << bits, MARKS_AT_ONCE)
    return bits, b"".join(_segment(keys, bits, first) for first in segments)


def _segment(keys: Ints, bits: int, first: int) -> bytes:
    """The part of a filter that begins with this mark."""
    marks = np.zeros(min(MARKS_AT_ONCE, 1 << bits), np.bool_)
    is_whole = len(marks) == 1 << bits
    for place in range(0, len(keys), AT_ONCE):
        words = keys[place : place + AT_ONCE].view(np.uint64)
        for probe in range(PROBES):
            position = _position(words, bits, probe) - first
            here = slice(None) if is_whole else (position >= 0) & (position < len(marks))
            marks[position[here]] = True
    return np.packbits(marks, bitorder="little").tobytes()


def may_be_known(keys: Ints, known: KnownIds) -> Ints:
    """The places of keys that the load has, and of some that it has not."""
    if known.bits == 0:
        return np.flatnonzero(np.isin(keys, np.frombuffer(known.content, "<i8")))
    marks = np.frombuffer(known.content, np.uint8)
    found = [
        first + _marked(marks, keys[first : first + AT_ONCE].view(np.uint64), known.bits)
        for first in range(0, len(keys), AT_ONCE)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _marked(marks: NDArray[np.uint8], words: Words, bits: int) -> Ints:
    rows = np.arange(len(words))
    for probe in range(PROBES):
        rows = rows[_are_marked(marks, _position(words[rows], bits, probe))]
    return rows


def _are_marked(marks: NDArray[np.uint8], position: Ints) -> NDArray[np.bool_]:
    return (marks[position >> 3] & _BIT[position & 7]).astype(np.bool_)


def repeated(keys: Ints, checks: Ints, *, in_order: Ints) -> Ints:
    """Places of records whose id an earlier line of the same file has; lines are in order."""
    twice = in_order[1:][in_order[1:] == in_order[:-1]]
    rows = _rows_with(keys, twice)
    seen: set[tuple[int, int]] = set()
    found = []
    for row, pair in zip(rows.tolist(), _pairs(keys[rows], checks[rows]), strict=True):
        if pair in seen:
            found.append(row)
        seen.add(pair)
    return np.array(found, np.int64)


def taken_before(
    keys: Ints,
    checks: Ints,
    *,
    in_order: Ints,
    ids_in: IdsIn,
    file_id: int,
    retried: Sequence[int],
) -> Ints:
    """Places of records whose id an earlier load has, rated or rejected.

    ``in_order`` are the keys sorted: so the probes of a filter go through it from end to end.
    ``retried`` are the lines of ``file_id`` that are judged again, not in their own way.
    """
    ids = _rejected(in_order, file_id, retried)
    archived = archived_months()
    if archived:
        ids += _archived(in_order, archived, ids_in)
    if len(keys) <= FEW:
        ids += _rated(in_order, None, ids_in)
    else:
        for known, places in _loads_that_may_know(in_order, not_only_of=archived):
            if len(places):
                ids += _rated(in_order[places], known, ids_in)
    if not ids:
        return np.zeros(0, np.int64)
    fields = fields_of_texts(ids)
    taken = keys_of(*fields)
    rows = _rows_with(keys, taken)
    wanted = set(_pairs(taken, keys_of(*fields, seed=CHECK_SEED)))
    is_taken = [pair in wanted for pair in _pairs(keys[rows], checks[rows])]
    return rows[np.array(is_taken, np.bool_)]


def remember(
    *, file_id: int, parts: Sequence[int], months: Sequence[date], bits: int, content: bytes
) -> None:
    """Keep a load's keys for ever, as ``filter_of`` made them.

    The driver's own way would write a large filter in hexadecimal, several times as long.
    """
    fields = {
        "file_id": struct.pack(">i", file_id),
        "parts": array_of(INT4, [struct.pack(">i", part) for part in parts]),
        "months": array_of(DATE, [struct.pack(">i", days_of(month)) for month in months]),
        "bits": struct.pack(">h", bits),
        "content": content,
    }
    with connection.cursor() as cursor:
        copy_row(cursor, "billing_known_ids", fields)


def _loads_that_may_know(
    in_order: Ints, *, of: Months = (), not_only_of: Months = ()
) -> Iterator[tuple[KnownIds, Ints]]:
    """Each load with the places of keys that it may have; two filters are asked at a time."""
    asked: list[tuple[KnownIds, Future[Ints]]] = []
    with ThreadPoolExecutor(2) as pool:
        for known in _all_known(of, not_only_of):
            asked.append((known, pool.submit(may_be_known, in_order, known)))
            if len(asked) > 2:
                known, found = asked.pop(0)
                yield known, found.result()
        for known, found in asked:
            yield known, found.result()


def _rated(keys: Ints, known: KnownIds | None, ids_in: IdsIn) -> list[str]:
    """The ids of rated records with these keys: of one load, or of all."""
    where, parameters = "", list[Any]()
    if known is not None:
        where, parameters = " AND month = ANY (%s) AND part = ANY (%s)", [known.months, known.parts]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT file_id, line FROM billing_record WHERE key = ANY (%s){where}",
            [keys.tolist(), *parameters],
        )
        lines: dict[int, list[str]] = {}
        for file_id, line in cursor.fetchall():
            lines.setdefault(file_id, []).append(line)
    return [one for file_id, some in lines.items() for one in ids_in(file_id, some)]


def _archived(in_order: Ints, archived: Months, ids_in: IdsIn) -> list[str]:
    """The ids of records in the archive with these keys, as far as the filters let them pass."""
    keys: dict[date, list[Ints]] = {}
    for known, places in _loads_that_may_know(in_order, of=archived):
        if len(places):
            for month in set(known.months).intersection(archived):
                keys.setdefault(month, []).append(in_order[places])
    wanted = {month: np.concatenate(some) for month, some in keys.items()}
    return archived_ids(wanted, ids_in=ids_in) if wanted else []


def _rejected(in_order: Ints, file_id: int, retried: Sequence[int]) -> list[str]:
    """The ids with these keys that a reject took, but for lines that are judged again."""
    if len(in_order) > FEW:
        held = copied(KEYS_OF_REJECTS, {}, types={"key": pa.int64()})["key"].to_numpy()
        at = np.minimum(np.searchsorted(in_order, held), len(in_order) - 1)
        in_order = held[in_order[at] == held]
    if not len(in_order):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM billing_usagereject"
            " WHERE key = ANY (%s) AND NOT (file_id = %s AND line_no = ANY (%s))",
            [in_order.tolist(), file_id, list(retried)],
        )
        return [record_id for (record_id,) in cursor.fetchall()]


def _rows_with(keys: Ints, wanted: Ints) -> Ints:
    """The places of records with one of the wanted keys, in order."""
    places = Places(np.unique(wanted))
    found = [
        first + np.flatnonzero(places.find(keys[first : first + AT_ONCE]) != NOWHERE)
        for first in range(0, len(keys), AT_ONCE)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _pairs(keys: Ints, checks: Ints) -> Iterator[tuple[int, int]]:
    return zip(keys.tolist(), checks.tolist(), strict=True)


def _all_known(of: Months, not_only_of: Months) -> Iterator[KnownIds]:
    """One load after another, those of one size together: only one filter is in memory.

    Those with records ``of`` some months, or all but those ``not_only_of`` others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file_id, parts, months, bits FROM billing_known_ids"
            " WHERE (months && %(of)s::date[] OR %(of)s::date[] = '{}')"
            " AND (NOT months <@ %(not_only_of)s::date[] OR months = '{}') ORDER BY bits",
            {"of": list(of), "not_only_of": list(not_only_of)},
        )
        for file_id, parts, months, bits in cursor.fetchall():
            yield KnownIds(parts, months, bits, _content(cursor, file_id))


def _content(cursor: object, file_id: int) -> bytes:
    """A bytea as it is: the driver's own way would write it in hexadecimal first."""
    out = io.BytesIO()
    cursor.copy_expert(  # type: ignore[attr-defined]
        f"COPY (SELECT content FROM billing_known_ids WHERE file_id = {int(file_id)})"
        " TO STDOUT (FORMAT binary)",
        out,
    )
    data = out.getbuffer()
    start = len(HEADER) + 2
    (length,) = struct.unpack_from(">i", data, start)
    return bytes(data[start + 4 : start + 4 + length])


def _position(words: Words, bits: int, probe: int) -> Ints:
    if probe:
        words = words + np.uint64(probe) * ((words * STEP) | np.uint64(1))
    return (words >> np.uint64(64 - bits)).astype(np.int64)
