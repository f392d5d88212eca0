"""Rating some subscribers' records of a month anew, those of a closed month and late ones too.

After a tariff correction. Source: RAT-2, RAT-14.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from billing.batch.usage.balances import read_balances
from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held, read_reached
from billing.batch.usage.draw import GROUPS, Drawn, draw, groups_of, served_as_they_came
from billing.batch.usage.keep import redraw
from billing.batch.usage.pending import Pending
from billing.batch.usage.reach import areas_of, read_reached_by
from billing.batch.usage.stored import ReachedFor, Stored, read_stored, write_changes
from billing.batch.usage.terms import MonthTerms, read_terms
from billing.batch.usage.ways import BUNDLE_GROUP, DATA_GROUP
from billing.batch.usage.words import Ints
from bss.kernel.periods import Month

FEW = 5_000
"""Up to so many subscribers only what they need of the directory is read."""
AT_ONCE = 50_000
"""So many subscribers are rated at once."""


@dataclass(slots=True)
class LateRecords:
    """Late records rated anew, as they can be written once more (``write_late``)."""

    month: MonthTerms
    records: Pending
    stored: Stored
    drawn: Drawn


@dataclass(slots=True)
class RatedAnew:
    """``unpriced`` are records for which the catalogue has no price (any more)."""

    records: int = 0
    changed: int = 0
    unpriced: int = 0
    late: list[LateRecords] = field(default_factory=list)


def rerate_chosen(month: Month, *, subscription: Ints, bundle: Ints) -> RatedAnew:
    """Rate the records of these subscribers anew; only rows that change are written.

    The rows are whole bundles (0: none), one after another. Whoever may not keep what it writes
    undoes the transaction. Raises: NoCatalogueError.
    """
    done = RatedAnew()
    few = len(subscription) <= FEW
    terms, reached_for = _directory(month, subscription.tolist() if few else None)
    for part in _portions(bundle):
        chosen = subscription[part].tolist()
        if not _have_records(month, chosen):
            continue
        records, changed, unpriced = redraw(
            month=terms,
            subscriptions=subscription[part],
            groups=_groups(subscription[part], bundle[part]),
            reached_for=reached_for,
        )
        done.records += records
        done.changed += changed
        done.unpriced += unpriced
        _redraw_late(done, terms, chosen, reached_for)
    return done


def write_late(late: LateRecords) -> None:
    """Write late records as they were rated anew."""
    write_changes(late.records, late.stored, late.drawn, month=late.month)


def _redraw_late(
    done: RatedAnew, terms: MonthTerms, subscriptions: list[int], reached_for: ReachedFor
) -> None:
    """After all others, file by file and line by line, as they came. Source: RAT-14, ADR 0005."""
    old, stored, is_priced = read_stored(
        terms, subscriptions=subscriptions, reached_for=reached_for, late=True
    )
    if not len(old):
        return
    in_turn = np.lexsort((old.placed.line_no, stored.file_id))
    in_turn = in_turn[is_priced[in_turn]]
    done.unpriced += len(old) - len(in_turn)
    records, stored = old.pick(in_turn), stored.pick(in_turn)
    group = groups_of(records.asked, terms)
    drawn, _ = draw(
        records.asked,
        group=group,
        order=served_as_they_came(group),
        month=terms,
        before=read_balances(terms.month, group),
    )
    done.records += len(records)
    done.changed += write_changes(records, stored, drawn, month=terms)
    done.late.append(LateRecords(terms, records, stored, drawn))


def _portions(bundle: Ints) -> Iterator[slice]:
    """Parts of about AT_ONCE rows that cut no bundle in two."""
    start = 0
    while start < len(bundle):
        end = min(start + AT_ONCE, len(bundle))
        while end < len(bundle) and bundle[end] and bundle[end] == bundle[end - 1]:
            end += 1
        yield slice(start, end)
        start = end


def _groups(subscription: Ints, bundle: Ints) -> Ints:
    """All that they and their bundles may draw on."""
    own = [subscription * GROUPS + kind for kind in range(BUNDLE_GROUP + 1, DATA_GROUP + 1)]
    return np.concatenate([np.unique(bundle[bundle > 0]) * GROUPS + BUNDLE_GROUP, *own])


def _directory(month: Month, chosen: Sequence[int] | None) -> tuple[MonthTerms, ReachedFor]:
    """The terms of these subscribers, or of everybody, and how to find whom they reached."""
    terms = read_terms(month, subscriptions=chosen)
    codes = [
        f"{value:0{digits}d}"
        for value, digits in zip(
            terms.home_values.tolist(), terms.home_digits.tolist(), strict=True
        )
    ]
    whole = read_reached(area_codes=codes) if chosen is None else None

    def reached(records: Shaped, area_value: Ints, area_digits: Ints) -> Held:
        if whole is not None:
            return whole
        areas = areas_of(area_value, area_digits)
        return read_reached_by(records, areas=areas, kinds=terms.kinds, area_codes=codes)

    return terms, reached


def _have_records(month: Month, subscriptions: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM billing_record"
            " WHERE month = %s AND subscription_id = ANY (%s))",
            [month.first_day, subscriptions],
        )
        return bool(cursor.fetchone()[0])
