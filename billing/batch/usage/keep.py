"""Accepted records are drawn after what came before them, and kept with what they cost.

A record that sorts before others of its allowances makes these be drawn anew; all others are
served after the balances that the month has reached (RAT-14).
"""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from billing.batch.usage.balances import (
    forget_balances,
    no_balances,
    read_balances,
    write_balances,
)
from billing.batch.usage.binary import Column
from billing.batch.usage.draw import (
    GROUPS,
    Balance,
    draw,
    groups_of,
    served_as_they_came,
    served_in_order,
)
from billing.batch.usage.formats import Format, format_of, id_of
from billing.batch.usage.pending import Pending
from billing.batch.usage.rated_by import Seen, note_terms
from billing.batch.usage.rejects import put_unpriced
from billing.batch.usage.store import row_columns
from billing.batch.usage.stored import (
    ReachedFor,
    Stored,
    delete_stored,
    read_stored,
    write_changes,
)
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.batch.usage.words import Flags, Ints, micros_of
from billing.models import UsageFile

Write = Callable[[Sequence[Column], pa.StringArray], None]
"""Puts rows where they belong: their columns, and their lines."""


def keep_late(records: Pending, *, month: MonthTerms, write: Write) -> Balance:
    """Records of a closed month: as they came, after all of it. Gives the balances they leave."""
    group = groups_of(records.asked, month)
    before = read_balances(month.month, group)
    drawn, after = draw(
        records.asked, group=group, order=served_as_they_came(group), month=month, before=before
    )
    write(row_columns(records, drawn, month=month), records.lines)
    return after


def keep_next(
    records: Pending, *, month: MonthTerms, format: Format, before: Balance, write: Write
) -> Balance:
    """Records of an open month after all that their groups have served. Gives their balances."""
    group = groups_of(records.asked, month)
    order = served_in_order(
        group,
        records.asked.end_us,
        month_start_us=micros_of(month.month.starts_at),
        ids_of=_ids_of(records, format, None),
    )
    drawn, after = draw(records.asked, group=group, order=order, month=month, before=before)
    write(row_columns(records, drawn, month=month), records.lines)
    return after


def keep_among(
    records: Pending, *, month: MonthTerms, format: Format, reached_for: ReachedFor, write: Write
) -> tuple[Balance, Ints]:
    """Records of an open month among those that their groups have served: these are drawn anew.

    Gives the groups' balances, and whose records were drawn anew.
    """
    own = np.unique(groups_of(records.asked, month))
    old, stored = _stored_of(own, month=month, reached_for=reached_for)
    every = Pending.joined([records, old])
    group = groups_of(every.asked, month)
    order = served_in_order(
        group,
        every.asked.end_us,
        month_start_us=micros_of(month.month.starts_at),
        ids_of=_ids_of(every, format, stored),
    )
    drawn, after = draw(every.asked, group=group, order=order, month=month, before=no_balances())
    again = np.arange(len(records), len(every))
    write_changes(every.pick(again), stored, drawn.pick(again), month=month)
    write(row_columns(records, drawn.pick(np.arange(len(records))), month=month), records.lines)
    return after, old.placed.subscription


def comes_among(records: Pending, *, month: MonthTerms, before: Balance) -> Flags:
    """Which records are of groups that have served one that ends no earlier than a new one."""
    group = groups_of(records.asked, month)
    if not len(before):
        return np.zeros(len(records), np.bool_)
    at = np.minimum(np.searchsorted(before.group, group), len(before) - 1)
    late = (before.group[at] == group) & (before.last_us[at] >= records.asked.end_us)
    return np.isin(group, np.unique(group[late])) if late.any() else late


def redraw(
    *,
    month: MonthTerms,
    subscriptions: Ints,
    groups: Ints,
    reached_for: ReachedFor,
    seen: Seen | None = None,
) -> tuple[int, int, int]:
    """Rate these subscriptions' records anew; how many, how many changed, how many are rejected.

    ``subscriptions`` holds whole bundles, ``groups`` all that they and their bundles may draw on;
    ``seen`` is what was seen of the directory, when all of it was read.
    """
    old, stored, lost = _priced(
        *read_stored(month, subscriptions=subscriptions.tolist(), reached_for=reached_for),
        month=month,
    )
    group = groups_of(old.asked, month)
    order = served_in_order(
        group,
        old.asked.end_us,
        month_start_us=micros_of(month.month.starts_at),
        ids_of=_ids_of(old, None, stored),
    )
    drawn, after = draw(old.asked, group=group, order=order, month=month, before=no_balances())
    forget_balances(month.month, groups, but=after.group)
    write_balances(month.month, after)
    note_terms(month, subscriptions, seen=seen or Seen(at=month.month.starts_at), is_anew=True)
    return len(old), write_changes(old, stored, drawn, month=month), lost


def _stored_of(
    groups: Ints, *, month: MonthTerms, reached_for: ReachedFor
) -> tuple[Pending, Stored]:
    """The stored records of these groups."""
    owner, kind = groups // GROUPS, groups % GROUPS
    callers = month.callers
    members = callers.subscription[np.isin(callers.bundle, owner[kind == BUNDLE_GROUP])]
    subscriptions = np.union1d(members, owner[kind != BUNDLE_GROUP])
    old, stored, _ = _priced(
        *read_stored(month, subscriptions=subscriptions.tolist(), reached_for=reached_for),
        month=month,
    )
    rows = np.flatnonzero(np.isin(groups_of(old.asked, month), groups))
    return old.pick(rows), stored.pick(rows)


def _priced(
    old: Pending,
    stored: Stored,
    is_priced: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    *,
    month: MonthTerms,
) -> tuple[Pending, Stored, int]:
    """What still has a price; the rest goes to the reject store."""
    lost = np.flatnonzero(~is_priced)
    if not len(lost):
        return old, stored, 0
    gone, where = old.pick(lost), stored.pick(lost)
    put_unpriced(gone, where.file_id)
    delete_stored(gone, where, month=month.month)
    return old.pick(is_priced), stored.pick(is_priced), len(lost)


def _ids_of(
    records: Pending, own: Format | None, stored: Stored | None
) -> Callable[[Ints], list[str]]:
    """The record ids of rows: those of the load, in its ``own`` format, then the stored ones.

    The database is asked for formats now, and not when ties are settled.
    """
    new = len(records) - (0 if stored is None else len(stored))
    formats = {0: own}
    if stored is not None:
        files = UsageFile.objects.in_bulk(np.unique(stored.file_id).tolist())
        formats |= {number: format_of(file) for number, file in files.items()}

    def ids(rows: Ints) -> list[str]:
        found = []
        for row in rows.tolist():
            file_id = 0 if stored is None or row < new else int(stored.file_id[row - new])
            format = formats[file_id]
            assert format is not None
            found.append(id_of(format, records.lines[row].as_py()))
        return found

    return ids
