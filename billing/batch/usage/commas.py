"""Fields between commas, each with quotes around it or without.

A plain line has as many commas as columns want and no signs but ASCII; its quotes stand in pairs
around whole fields, as many systems write every field, and PostgreSQL each empty one.
"""

from collections.abc import Sequence

import numpy as np

from billing.batch.usage.lines import Block
from billing.batch.usage.shape import Cut
from billing.batch.usage.words import Flags, Ints
from billing.rules.usage_record import FIELDS

COMMA, SPACE, QUOTE = 44, 32, 34
FIRST_PLAIN, LAST_PLAIN = 34, 127
"""Signs before the first are spaces, controls and an exclamation mark."""
MOMENT_SPACE = 10


def cut_csv(block: Block, *, columns: Sequence[str]) -> Cut:
    """The fields of the plain lines, without their quotes."""
    raw, offsets = block.raw, block.offsets
    commas = np.flatnonzero(raw == COMMA)
    first = np.searchsorted(commas, offsets)
    is_plain = np.diff(first) == len(columns) - 1
    first = np.where(is_plain, first[:-1], 0)
    ends = [commas[first + n] if len(commas) else first for n in range(len(columns) - 1)]
    start: dict[str, Ints] = {}
    length: dict[str, Ints] = {}
    before = offsets[:-1]
    for column, end in zip(columns, [*ends, offsets[1:]], strict=True):
        start[column] = np.where(is_plain, before, 0)
        length[column] = np.where(is_plain, end - before, 0)
        before = end + 1
    is_plain &= _unquote(block, start, length)
    nowhere = np.zeros(len(block), np.int64)
    for column in FIELDS:
        start.setdefault(column, nowhere)
        length.setdefault(column, nowhere)
    is_plain &= ~_has_odd_signs(block, start["start_at"])
    return Cut(start=start, length=length, is_plain=is_plain)


def _unquote(block: Block, start: dict[str, Ints], length: dict[str, Ints]) -> Flags:
    """Take the quotes off the fields that have them; which lines have no others."""
    raw = block.raw[: block.offsets[-1]]
    if raw.tobytes().find(QUOTE) < 0:
        return np.ones(len(block), np.bool_)
    quotes = np.flatnonzero(raw == QUOTE)
    left = np.diff(np.searchsorted(quotes, block.offsets))
    for column in start:
        first, last = start[column], start[column] + length[column] - 1
        is_quoted = (length[column] >= 2) & (block.raw[first] == QUOTE) & (block.raw[last] == QUOTE)
        start[column] = first + is_quoted
        length[column] = length[column] - 2 * is_quoted
        left = left - 2 * is_quoted
    is_unquoted: Flags = left == 0
    return is_unquoted


def _has_odd_signs(block: Block, moment_start: Ints) -> Flags:
    """Lines with a sign that is not plain, but for the one space between a day and its time."""
    raw = block.raw[: block.offsets[-1]]
    found = np.zeros(len(block), np.bool_)
    if not len(raw) or (raw.min() >= FIRST_PLAIN and raw.max() <= LAST_PLAIN):
        return found
    odd = np.flatnonzero((raw - np.uint8(FIRST_PLAIN)) > LAST_PLAIN - FIRST_PLAIN)
    if len(odd):
        line = np.searchsorted(block.offsets, odd, side="right") - 1
        is_moment = (raw[odd] == SPACE) & (odd == moment_start[line] + MOMENT_SPACE)
        found[line[~is_moment]] = True
    return found
