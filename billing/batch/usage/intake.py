"""The lines of one load, block by block: read, judged, and asked what they want.

A small load reads what it needs of the directory and the terms; a large one reads all, and has
several blocks judged at the same time.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billing.batch.usage import judge
from billing.batch.usage.ask import ask
from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held, read_callers, read_reached
from billing.batch.usage.formats import Format
from billing.batch.usage.lines import Block
from billing.batch.usage.numbers import NumberKinds, code_of_parts
from billing.batch.usage.pending import PLACES, Pending, Placed
from billing.batch.usage.rated_by import Seen, seen_of
from billing.batch.usage.reach import areas_of, read_reached_by
from billing.batch.usage.shape import shape
from billing.batch.usage.store import month_of_index
from billing.batch.usage.terms import NO_BUNDLE, Callers, MonthTerms, read_terms
from billing.batch.usage.words import Ints
from billing.queries.rating_terms import rating_terms
from bss.kernel.periods import Month

READERS = 2
"""So many threads judge blocks of a large load; none: whoever asks for them does it."""
AHEAD = 3
"""Blocks that are judged at the same time or wait to be looked at."""


@dataclass(slots=True)
class Judged:
    """A block with its verdicts."""

    block: Block
    shaped: Shaped
    verdict: judge.Verdict


@dataclass(slots=True)
class Intake:
    """What one load knows of the house; ``terms`` are read as months turn up."""

    format: Format
    at: datetime
    is_large: bool
    area_codes: list[str] = field(init=False)
    calendar: judge.Calendar = field(init=False)
    terms: dict[int, MonthTerms] = field(default_factory=dict)
    _places: dict[int, NDArray[np.uint16]] = field(default_factory=dict)
    _kinds: NumberKinds = field(init=False)
    _callers: Held | None = None
    _reached: Held | None = None

    def __post_init__(self) -> None:
        plan = rating_terms(Month.of(self.at)).number_plan
        self.area_codes = list(plan.home_areas)
        self._kinds = NumberKinds(plan)
        self.calendar = judge.calendar_of(self.at)

    def judged(self, blocks: Iterable[Block]) -> Iterator[Judged]:
        """The blocks in order, each with its verdicts."""
        if not self.is_large:
            for block in blocks:
                yield self._judged_alone(block)
            return
        self._callers = read_callers(area_codes=self.area_codes)
        self._reached = read_reached(area_codes=self.area_codes)
        if not READERS:
            yield from map(self._judged, blocks)
            return
        waiting: list[Future[Judged]] = []
        with ThreadPoolExecutor(READERS) as pool:
            for block in blocks:
                waiting.append(pool.submit(self._judged, block))
                if len(waiting) >= AHEAD:
                    yield waiting.pop(0).result()
            for judged in waiting:
                yield judged.result()

    def asked(self, judged: Judged, month: int) -> tuple[Pending, NDArray[np.uint16]]:
        """The accepted records of a month with what they ask for, by the places of their callers.

        Records of one place stay as they came; those without a price get their reason.
        """
        shaped, verdict = judged.shaped, judged.verdict
        rows = np.flatnonzero((verdict.reason == judge.ACCEPTED) & (verdict.month == month))
        subscription = verdict.subscription[rows]
        terms = self.terms_of(month, subscription)
        assert self._reached is not None
        asked, is_priced = ask(
            shaped.pick(rows),
            subscription=subscription,
            area_value=verdict.area_value[rows],
            area_digits=verdict.area_digits[rows],
            reached=self._reached,
            month=terms,
        )
        verdict.reason[rows[~is_priced]] = judge.NO_TARIFF
        priced = np.flatnonzero(is_priced)
        place = self._places[month][asked.caller[priced]]
        order = np.argsort(place, kind="stable")
        asked, rows = asked.pick(priced[order]), rows[priced[order]]
        placed = Placed(
            line_no=judged.block.line_no[rows],
            key=shaped.key[rows],
            month=verdict.month[rows].astype(np.int16),
            subscription=verdict.subscription[rows],
            area=code_of_parts(np.maximum(verdict.area_value[rows], 0), verdict.area_digits[rows]),
        )
        lines = judged.block.texts().take(pa.array(rows))
        return Pending(placed, asked, lines), place[order]

    def terms_of(self, month: int, subscription: Ints) -> MonthTerms:
        if month not in self.terms:
            wanted = None if self.is_large else np.unique(subscription).tolist()
            self.terms[month] = read_terms(month_of_index(month), subscriptions=wanted)
            self._places[month] = places_of(self.terms[month].callers)
        return self.terms[month]

    def reached_for(self, records: Shaped, area_value: Ints, area_digits: Ints) -> Held:
        """Whom stored records reached that are asked anew."""
        if self.is_large:
            assert self._reached is not None
            return self._reached
        areas = areas_of(area_value, area_digits)
        return read_reached_by(records, areas=areas, kinds=self._kinds, area_codes=self.area_codes)

    def seen(self) -> Seen:
        """What a large load has seen of the directory: all of it."""
        if not self.is_large:
            return Seen(at=self.at)
        assert self._reached is not None
        return seen_of(self._reached, at=self.at)

    def _judged(self, block: Block) -> Judged:
        assert self._callers is not None
        assert self._reached is not None
        shaped = self._shaped(block)
        verdict = judge.judge(
            shaped, callers=self._callers, reached=self._reached, calendar=self.calendar
        )
        return Judged(block, shaped, verdict)

    def _judged_alone(self, block: Block) -> Judged:
        """The only block of a small load, with just what it needs of the directory."""
        shaped = self._shaped(block)
        fields = (self.format.fields_of(line) for line in block.texts().to_pylist())
        served = sorted({(f or {}).get("service_number", "").strip() for f in fields} - {""})
        self._callers = read_callers(area_codes=self.area_codes, numbers=served)
        self._reached = read_reached_by(
            shaped,
            areas=areas_of(self._callers.area_value, self._callers.area_digits),
            kinds=self._kinds,
            area_codes=self.area_codes,
            served=served,
        )
        verdict = judge.judge(
            shaped, callers=self._callers, reached=self._reached, calendar=self.calendar
        )
        return Judged(block, shaped, verdict)

    def _shaped(self, block: Block) -> Shaped:
        cut = self.format.cut(block)
        return shape(block, cut=cut, fields_of=self.format.fields_of, at=self.at)


def months_in(verdict: judge.Verdict) -> list[int]:
    """The months of accepted records, in order."""
    months = verdict.month[verdict.reason == judge.ACCEPTED]
    if not len(months):
        return []
    first = int(months.min())
    return [first + month for month in np.flatnonzero(np.bincount(months - first)).tolist()]


def places_of(callers: Callers) -> NDArray[np.uint16]:
    """Where each caller stands among all, in order of subscription, out of PLACES.

    A bundle's members stand together, where the first of them does.
    """
    bundles, number = np.unique(callers.bundle, return_inverse=True)
    first = np.full(len(bundles), np.iinfo(np.int64).max)
    np.minimum.at(first, number, callers.subscription)
    own = np.where(callers.bundle == NO_BUNDLE, callers.subscription, first[number])
    place = np.searchsorted(np.sort(own), own) * PLACES // max(len(own), 1)
    return place.astype(np.uint16)
