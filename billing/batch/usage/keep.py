"""Accepted records are drawn after what came before them, and kept with what they cost.

A record that sorts before others of its allowances makes these be drawn anew; all others are
served after the balances that the month has reached (RAT-14).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.db import connection

from billing.batch.usage.ask import Asked
from billing.batch.usage.binary import copy_rows
from billing.batch.usage.draw import (
    GROUPS,
    Balance,
    draw,
    groups_of,
    served_as_they_came,
    served_in_order,
)
from billing.batch.usage.formats import format_of, id_of
from billing.batch.usage.pending import Pending
from billing.batch.usage.rejects import put_unpriced
from billing.batch.usage.store import (
    RECORDS,
    Target,
    read_balances,
    row_columns,
    write_balances,
)
from billing.batch.usage.stored import (
    ReachedFor,
    Stored,
    delete_stored,
    read_stored,
    write_changes,
)
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.batch.usage.words import Ints, micros_of
from billing.models import UsageFile


@dataclass(slots=True)
class Touched:
    """Which bundles' pools gave or took, so that they are counted."""

    bundles: set[int]

    def note(self, groups: Ints) -> None:
        own = groups[groups % GROUPS == BUNDLE_GROUP]
        self.bundles.update((np.unique(own) // GROUPS).tolist())


def keep_late(records: Pending, *, month: MonthTerms, target: Target) -> Ints:
    """Records of a closed month: as they came, after all of it. Gives the groups they drew on."""
    group = groups_of(records.asked, month)
    before = read_balances(month.month, group)
    drawn, after = draw(
        records.asked, group=group, order=served_as_they_came(group), month=month, before=before
    )
    write_balances(month.month, after)
    _write(records, drawn, month=month, target=target)
    return after.group


def keep_open(
    records: Pending, *, month: MonthTerms, target: Target, reached_for: ReachedFor
) -> Ints:
    """Records of an open month, in the order of RAT-2. Gives the groups they drew on."""
    group = groups_of(records.asked, month)
    before = read_balances(month.month, group)
    stale = _stale(records.asked, group, before)
    if len(stale):
        old, stored = _stored_of(stale, month=month, reached_for=reached_for)
        before = before.pick(~np.isin(before.group, stale))
    else:
        old, stored = None, None
    every = records if old is None else Pending.joined([records, old])
    group = group if old is None else groups_of(every.asked, month)
    order = served_in_order(
        group,
        every.asked.end_us,
        month_start_us=micros_of(month.month.starts_at),
        ids_of=_ids_of(every, target.file_id, stored, len(records)),
    )
    drawn, after = draw(every.asked, group=group, order=order, month=month, before=before)
    write_balances(month.month, after)
    new = np.arange(len(records))
    if old is not None and stored is not None:
        write_changes(old, stored, drawn.pick(np.arange(len(records), len(every))), month=month)
    _write(records, drawn.pick(new) if old is not None else drawn, month=month, target=target)
    return after.group


def redraw(
    *, month: MonthTerms, subscriptions: Ints, reached_for: ReachedFor
) -> tuple[int, int, int]:
    """Rate these subscriptions' records anew; how many, how many changed, how many are rejected.

    ``subscriptions`` holds whole bundles.
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
        ids_of=_ids_of(old, 0, stored, 0),
    )
    nothing = Balance(*(np.zeros(0, np.int64) for _ in Balance.names()))
    drawn, after = draw(old.asked, group=group, order=order, month=month, before=nothing)
    write_balances(month.month, after)
    return len(old), write_changes(old, stored, drawn, month=month), lost


def _stale(asked: Asked, group: Ints, before: Balance) -> Ints:
    """Groups that have served a record that ends no earlier than one of the new ones."""
    if not len(before):
        return before.group
    at = np.minimum(np.searchsorted(before.group, group), len(before) - 1)
    late = (before.group[at] == group) & (before.last_us[at] >= asked.end_us)
    return np.unique(group[late])


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


def _write(records: Pending, drawn: object, *, month: MonthTerms, target: Target) -> None:
    columns = row_columns(records, drawn, month=month, target=target)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        copy_rows(cursor, target.table or RECORDS, columns, text=records.lines)


def _ids_of(
    records: Pending, file_id: int, stored: Stored | None, new: int
) -> Callable[[Ints], list[str]]:
    """The record ids of rows: the first ``new`` are the load's own file's, the others stored."""

    def ids(rows: Ints) -> list[str]:
        files = [
            file_id if row < new or stored is None else int(stored.file_id[row - new])
            for row in rows.tolist()
        ]
        formats = {n: format_of(f) for n, f in UsageFile.objects.in_bulk(set(files)).items()}
        lines = records.lines.take(pa.array(rows)).to_pylist()
        return [id_of(formats[n], line) for n, line in zip(files, lines, strict=True)]

    return ids
