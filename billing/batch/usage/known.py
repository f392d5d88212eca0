"""Record ids that ever came: a filter per load, and an exact look for what the filters let pass.

Two ids are one when 128 bits of them agree: the key, which is indexed, and the check, which is
computed from the id that stands in the kept line.
Source: RAT-15; rules.md section 6 ("record_id is unique for ever").
"""

import io
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from billing.batch.usage.binary import HEADER
from billing.batch.usage.words import CHECK_SEED, Ints, Words, fields_of_texts, keys_of

PLAIN_AT_MOST = 50_000
"""Loads with fewer keys keep these themselves; larger ones a filter of BITS_PER_KEY or more."""
BITS_PER_KEY = 16
PROBES = 5
STEP = np.uint64(0xD6E8FEB86659FD93)
FEW = 5_000
"""So few keys are looked up one by one, without the filters."""
_BIT = np.array([1 << bit for bit in range(8)], np.uint8)
IdOfLine = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The keys of one load and where its records are."""

    part: int
    months: Sequence[date]
    bits: int
    content: bytes


def filter_of(keys: Ints) -> tuple[int, bytes]:
    """Bits and content of ``billing_known_ids`` for a load's keys."""
    if len(keys) <= PLAIN_AT_MOST:
        return 0, np.sort(keys).astype("<i8").tobytes()
    bits = int(len(keys) * BITS_PER_KEY - 1).bit_length()
    marks = np.zeros(1 << bits, np.bool_)
    for position in _positions(keys.view(np.uint64), bits):
        marks[position] = True
    return bits, np.packbits(marks, bitorder="little").tobytes()


def may_be_known(keys: Ints, known: KnownIds, *, first: Ints | None = None) -> Ints:
    """The places of keys that the load has, and of some that it has not.

    ``first`` are the positions of the first probe, the same in all filters of one size.
    """
    if known.bits == 0:
        return np.flatnonzero(np.isin(keys, np.frombuffer(known.content, "<i8")))
    marks = np.frombuffer(known.content, np.uint8)
    words = keys.view(np.uint64)
    position = _position(words, known.bits, 0) if first is None else first
    rows = np.flatnonzero(_are_marked(marks, position))
    for probe in range(1, PROBES):
        rows = rows[_are_marked(marks, _position(words[rows], known.bits, probe))]
    return rows


def _are_marked(marks: NDArray[np.uint8], position: Ints) -> NDArray[np.bool_]:
    return (marks[position >> 3] & _BIT[position & 7]).astype(np.bool_)


def repeated(keys: Ints, checks: Ints) -> Ints:
    """Places of records whose id an earlier line of the same file has; lines are in order."""
    order = np.argsort(keys)
    in_order = keys[order]
    same = in_order[1:] == in_order[:-1]
    if not same.any():
        return np.zeros(0, np.int64)
    again = np.zeros(len(keys), np.bool_)
    again[1:] |= same
    again[:-1] |= same
    seen: set[tuple[int, int]] = set()
    found = []
    for row in np.sort(order[again]).tolist():
        pair = int(keys[row]), int(checks[row])
        if pair in seen:
            found.append(row)
        seen.add(pair)
    return np.array(found, np.int64)


def taken_before(
    keys: Ints, checks: Ints, *, id_of_line: IdOfLine, file_id: int, retried: Sequence[int]
) -> Ints:
    """Places of records whose id an earlier load has, rated or rejected.

    ``retried`` are the lines of ``file_id`` that are judged again, not in their own way.
    """
    found: list[Ints] = []
    if len(keys) <= FEW:
        found.append(_rated(keys, checks, np.arange(len(keys)), None, id_of_line))
    else:
        first: dict[int, Ints] = {}
        for known in _all_known():
            if known.bits not in first:
                first = {known.bits: _position(keys.view(np.uint64), known.bits, 0)}
            rows = may_be_known(keys, known, first=first[known.bits])
            if len(rows):
                found.append(_rated(keys, checks, rows, known, id_of_line))
    found.append(_rejected(keys, checks, file_id, retried))
    return np.unique(np.concatenate(found))


def remember(*, file_id: int, part: int, months: Sequence[date], keys: Ints) -> None:
    """Keep a load's keys for ever."""
    bits, content = filter_of(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_known_ids (file_id, part, months, bits, content)"
            " VALUES (%s, %s, %s::date[], %s, %s)"
            " ON CONFLICT (file_id) DO UPDATE SET months = excluded.months",
            [file_id, part, list(months), bits, content],
        )


def _rated(
    keys: Ints, checks: Ints, rows: Ints, known: KnownIds | None, id_of_line: IdOfLine
) -> Ints:
    where, parameters = "", list[Any]()
    if known is not None:
        where, parameters = " AND month = ANY (%s) AND part = %s", [known.months, known.part]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, file_id, line FROM billing_record WHERE key = ANY (%s){where}",
            [keys[rows].tolist(), *parameters],
        )
        stored = cursor.fetchall()
    ids = [id_of_line(file_id, line) for _, file_id, line in stored]
    return _with_ids(rows, keys, checks, ids)


def _rejected(keys: Ints, checks: Ints, file_id: int, retried: Sequence[int]) -> Ints:
    """Records whose id a reject took; all of these are read when there are many to compare."""
    few = len(keys) <= FEW
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM billing_usagereject WHERE key IS NOT NULL"
            " AND (%s OR key = ANY (%s)) AND NOT (file_id = %s AND line_no = ANY (%s))",
            [not few, keys.tolist() if few else [], file_id, list(retried)],
        )
        ids = [record_id for (record_id,) in cursor.fetchall()]
    if not ids:
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(np.isin(keys, keys_of(*fields_of_texts(ids))))
    return _with_ids(rows, keys, checks, ids)


def _with_ids(rows: Ints, keys: Ints, checks: Ints, ids: Sequence[str]) -> Ints:
    """Those of the rows whose record id is one of these."""
    fields = fields_of_texts(ids)
    wanted = set(
        zip(keys_of(*fields).tolist(), keys_of(*fields, seed=CHECK_SEED).tolist(), strict=True)
    )
    pairs = zip(keys[rows].tolist(), checks[rows].tolist(), strict=True)
    return rows[np.fromiter((pair in wanted for pair in pairs), np.bool_, len(rows))]


def _all_known() -> Iterator[KnownIds]:
    """One load after another, those of one size together: only one filter is in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_id, part, months, bits FROM billing_known_ids ORDER BY bits")
        for file_id, part, months, bits in cursor.fetchall():
            yield KnownIds(part, months, bits, _content(cursor, file_id))


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


def _positions(words: Words, bits: int) -> "list[NDArray[np.int64]]":
    return [_position(words, bits, probe) for probe in range(PROBES)]


def _position(words: Words, bits: int, probe: int) -> Ints:
    step = (words * STEP) | np.uint64(1)
    return ((words + np.uint64(probe) * step) >> np.uint64(64 - bits)).astype(np.int64)
