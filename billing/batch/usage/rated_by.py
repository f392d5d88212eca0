"""By which terms the records of a month were rated, and whose terms have changed since.

Every load notes the terms of those whose records it brings or draws anew; rating all records of
some subscribers anew makes what was noted of them before void. Source: RAT-14.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from billing.batch.usage.digests import directory_digest, terms_digests
from billing.batch.usage.directory import Held
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.terms import MonthTerms
from billing.batch.usage.words import Ints, micros_of
from bss.kernel.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The directory's digest as of a moment after all records; None when only some was read."""

    at: datetime
    directory: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What one load or rating anew noted; the arrays have a row for each subscription."""

    seen: Seen
    is_anew: bool
    subscription: Ints
    digest: Ints


def seen_of(reached: Held, *, at: datetime) -> Seen:
    return Seen(at=at, directory=directory_digest(reached, before_us=micros_of(at)))


def note_terms(terms: MonthTerms, subscriptions: Ints, *, seen: Seen, is_anew: bool) -> None:
    """Keep by which terms these subscriptions' records were rated."""
    subscriptions = np.unique(subscriptions)
    place = terms.callers.places.find(subscriptions)
    content = np.column_stack([subscriptions, terms_digests(terms)[place]]).astype(">i8").tobytes()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_record_terms (month, at, is_anew, directory, content)"
            " VALUES (%s, %s, %s, %s, %s)",
            [terms.month.first_day, seen.at, is_anew, seen.directory, content],
        )


def forget_terms(month: Month) -> None:
    """The month is closed: it is never rated anew because of its terms."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_record_terms WHERE month = %s", [month.first_day])


def changed_since(terms: MonthTerms, reached: Held) -> tuple[Ints, Seen]:
    """Subscriptions with records that were rated by other terms than those of now.

    ``reached`` is everybody. Gives also what is seen now, as of the last load.
    """
    now, callers = terms_digests(terms), terms.callers
    has_changed = np.zeros(len(callers.subscription), np.bool_)
    seen = Seen(at=terms.month.starts_at)
    for noted in _noted(terms.month):
        if noted.seen.at != seen.at or seen.directory is None:
            seen = seen_of(reached, at=noted.seen.at)
        place = callers.places.find(noted.subscription)
        differs = (now[place] != noted.digest) | (noted.seen.directory != seen.directory)
        differs, place = differs[place != NOWHERE], place[place != NOWHERE]
        has_changed[place] = differs if noted.is_anew else has_changed[place] | differs
    return callers.subscription[has_changed], seen


def _noted(month: Month) -> Iterator[Noted]:
    """In their order, one at a time: those of large loads are long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, at, is_anew, directory FROM billing_record_terms"
            " WHERE month = %s ORDER BY number",
            [month.first_day],
        )
        for number, at, is_anew, directory in cursor.fetchall():
            cursor.execute(
                "SELECT content FROM billing_record_terms WHERE month = %s AND number = %s",
                [month.first_day, number],
            )
            pairs = np.frombuffer(cursor.fetchone()[0], ">i8").astype(np.int64).reshape(-1, 2)
            seen = Seen(at=at, directory=directory)
            yield Noted(seen, is_anew, pairs[:, 0].copy(), pairs[:, 1].copy())
