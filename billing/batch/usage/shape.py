"""Fields as numbers: what is plain is read in columns, the rest line by line by the rule itself.

``billing.rules.usage_record`` is the specification. Which lines are plain is for their format to
say (``commas``, ``fixed``); nearly every line is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from billing.batch.usage.columns import Shaped
from billing.batch.usage.lines import Block
from billing.batch.usage.words import (
    CHECK_SEED,
    MOST_DIGITS,
    P10,
    Flags,
    Ints,
    Words,
    fields_of_texts,
    key_of,
    keys_of,
    micros_of,
    read_moment,
    read_number,
    words_of,
)
from billing.rules.usage_record import CALL_TYPES, UsageRecord, read_record

PLUS = 43
DIGITS = "0123456789"
_TYPE_WORDS = np.array(
    [int.from_bytes(call_type.encode(), "little") for call_type in CALL_TYPES], np.uint64
)
SMS_AND_LATER = CALL_TYPES.index("sms")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where each field of the plain lines is; a field that the file has not is empty everywhere."""

    start: Mapping[str, Ints]
    length: Mapping[str, Ints]
    is_plain: Flags


def shape(
    block: Block,
    *,
    cut: Cut,
    fields_of: Callable[[str], Mapping[str, str] | None],
    at: datetime,
) -> Shaped:
    """The block's records; ``fields_of`` cuts a line that is not plain."""
    shaped, is_read = _plain(block, cut, micros_of(at))
    records: dict[int, UsageRecord] = {}
    for row in np.flatnonzero(~is_read).tolist():
        fields = fields_of(block.text(row))
        record = None if fields is None else read_record(fields, at=at)
        shaped.is_malformed[row] = record is None
        if record is not None:
            records[row] = record
    if records:
        _put(shaped, np.array(list(records), np.int64), list(records.values()))
    return shaped


def code_of(text: str) -> int:
    """One integer for a number: its digits after a 1; negative for what is not a number."""
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int("1" + text)
    return -(key_of(text) & (1 << 62) - 1) - 1


def _plain(block: Block, cut: Cut, at_us: int) -> tuple[Shaped, Flags]:
    """The plain lines' records, and which lines are judged: the others may still be well formed."""
    words = words_of(block.raw)
    start, length = cut.start, cut.length
    is_read = cut.is_plain.copy()

    service, service_fits = read_number(words, start["service_number"], length["service_number"])
    start_us, moment_fits = read_moment(words, start["start_at"], length["start_at"])
    numbers = {
        name: read_number(words, start[name], length[name])
        for name in ("duration_s", "volume_kb", "info_fee_hao")
    }
    call_type = _call_types(words, start["call_type"], length["call_type"])
    plus = (length["other_number"] > 0) & (block.raw[start["other_number"]] == PLUS)
    other_digits = length["other_number"] - plus
    other, other_fits = read_number(words, start["other_number"] + plus, other_digits)
    visited, visited_fits = read_number(words, start["visited_area"], length["visited_area"])

    is_malformed = (length["record_id"] == 0) | (length["service_number"] == 0) | (call_type < 0)
    calls_somebody = (call_type >= 0) & (call_type < SMS_AND_LATER) & (call_type != 1)
    is_malformed |= calls_somebody & (
        (other_digits == 0) | (~other_fits & (other_digits <= MOST_DIGITS))
    )
    for name, most in (("duration_s", 9), ("volume_kb", 12), ("info_fee_hao", 12)):
        is_malformed |= ~numbers[name][1] & (length[name] <= most)
        is_read &= is_malformed | (length[name] <= most)
    is_read &= is_malformed | (
        service_fits & moment_fits & visited_fits & (other_fits | ~calls_somebody)
    )
    duration_s = numbers["duration_s"][0]
    is_malformed |= is_read & (start_us + duration_s * 1_000_000 > at_us)
    digits = np.minimum(length["service_number"], MOST_DIGITS)
    shaped = Shaped(
        line_no=block.line_no,
        is_malformed=is_malformed,
        key=keys_of(words, start["record_id"], length["record_id"]),
        check=keys_of(words, start["record_id"], length["record_id"], seed=CHECK_SEED),
        service_code=service + P10[digits],
        call_type=call_type,
        other_value=np.where(other_fits, other, 0),
        other_digits=np.where(other_fits, other_digits, 0).astype(np.int8),
        other_plus=plus,
        start_us=start_us,
        duration_s=duration_s,
        visited_value=visited,
        visited_digits=np.where(visited_fits, length["visited_area"], 0).astype(np.int8),
        visited_is_text=np.zeros(len(block), np.bool_),
        volume_kb=numbers["volume_kb"][0],
        info_fee_hao=numbers["info_fee_hao"][0],
    )
    return shaped, is_read


def _call_types(
    words: Words, start: Ints, length: Ints
) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    word = (
        words[start]
        & np.array([0, 255, 65535, 16777215, 4294967295], np.uint64)[np.minimum(length, 4)]
    )
    word[length > 4] = 0
    found = np.full(len(start), -1, np.int8)
    for number, type_word in enumerate(_TYPE_WORDS):
        found[word == type_word] = number
    return found


def _put(shaped: Shaped, rows: Ints, records: Sequence[UsageRecord]) -> None:
    """Records that the rule read, in their rows."""
    ids = fields_of_texts([record.record_id for record in records])
    shaped.key[rows] = keys_of(*ids)
    shaped.check[rows] = keys_of(*ids, seed=CHECK_SEED)
    shaped.service_code[rows] = [code_of(record.service_number) for record in records]
    shaped.call_type[rows] = [CALL_TYPES.index(record.call_type) for record in records]
    dialled = [record.other_number.removeprefix("+")[:MOST_DIGITS] for record in records]
    dialled = [number if number.isascii() and number.isdigit() else "" for number in dialled]
    shaped.other_value[rows] = [int(number or 0) for number in dialled]
    shaped.other_digits[rows] = [len(number) for number in dialled]
    shaped.other_plus[rows] = [record.other_number.startswith("+") for record in records]
    shaped.start_us[rows] = [micros_of(record.start_at) for record in records]
    shaped.duration_s[rows] = [record.duration_s for record in records]
    areas = [record.visited_area for record in records]
    leading = [area[: len(area) - len(area.lstrip(DIGITS))][:MOST_DIGITS] for area in areas]
    shaped.visited_value[rows] = [int(digits or 0) for digits in leading]
    shaped.visited_digits[rows] = [len(digits) for digits in leading]
    shaped.visited_is_text[rows] = [a != b for a, b in zip(leading, areas, strict=True)]
    shaped.volume_kb[rows] = [record.volume_kb for record in records]
    shaped.info_fee_hao[rows] = [record.info_fee_hao for record in records]
