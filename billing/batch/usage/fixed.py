"""Fields of one width in every line, filled up with spaces on either side."""

from collections.abc import Sequence

import numpy as np

from billing.batch.usage.lines import Block
from billing.batch.usage.shape import Cut
from billing.batch.usage.words import Flags, Ints
from billing.rules.usage_line import column_of
from billing.rules.usage_record import FIELDS

SPACE = 32
FIRST_PLAIN, LAST_PLAIN = 32, 126


def cut_fixed(block: Block, *, columns: Sequence[str]) -> Cut:
    """The fields without the spaces around them; a plain line is as long as all of them."""
    widths = [column_of(column) for column in columns]
    is_plain = np.diff(block.offsets) == sum(width for _, width in widths)
    nowhere = np.zeros(len(block), np.int64)
    start = dict.fromkeys(FIELDS, nowhere)
    length = dict.fromkeys(FIELDS, nowhere)
    before = np.where(is_plain, block.offsets[:-1], 0)
    for name, width in widths:
        start[name], length[name], fits = _trimmed(block, before, width, name == "start_at")
        length[name] = np.where(is_plain, length[name], 0)
        is_plain &= fits
        before = before + np.where(is_plain, width, 0)
    return Cut(start=start, length=length, is_plain=is_plain)


def _trimmed(block: Block, start: Ints, width: int, may_have_one: bool) -> tuple[Ints, Ints, Flags]:
    """Where the field's text starts, how long it is, and whether it is plain: without spaces.

    A moment may have the one between its day and its time.
    """
    last = len(block.raw) - 1
    signs = block.raw[np.minimum(start[:, None] + np.arange(width), last)]
    filled = signs != SPACE
    some = filled.any(axis=1)
    first = np.where(some, filled.argmax(axis=1), 0)
    end = np.where(some, width - filled[:, ::-1].argmax(axis=1), 0)
    inside = (end - first) - filled.sum(axis=1)
    fits = (inside <= (1 if may_have_one else 0)) & (
        ((signs >= FIRST_PLAIN) & (signs <= LAST_PLAIN)).all(axis=1)
    )
    return start + first, end - first, fits
