"""The records of a load on their way into the months' partitions, shard after shard.

Records that follow all that their allowances have served are for the carriers of a large load;
those that come among stored ones change these, which is for the load's own transaction.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from billing.batch.usage.balances import (
    count_pools,
    has_balances,
    no_balances,
    read_balances,
    write_balances,
)
from billing.batch.usage.carriers import Carriers
from billing.batch.usage.draw import GROUPS, Balance, groups_of
from billing.batch.usage.intake import Intake
from billing.batch.usage.keep import Write, comes_among, keep_among, keep_late, keep_next
from billing.batch.usage.parts import Part
from billing.batch.usage.pending import Pending
from billing.batch.usage.rated_by import note_terms
from billing.batch.usage.store import SHARED_PART, attach_part, ensure_month, month_of_index
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.batch.usage.words import Ints
from bss.kernel.periods import Month


@dataclass(slots=True)
class Keeping:
    """``parts`` are what was brought, once it is finished."""

    intake: Intake
    carriers: Carriers
    months: set[int] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)
    rated: int = 0
    late: int = 0
    _fresh: dict[int, bool] = field(default_factory=dict)
    _balances: dict[int, list[Balance]] = field(default_factory=dict)
    _subscriptions: dict[int, list[Ints]] = field(default_factory=dict)

    def keep(self, records: Pending, rows: Ints) -> None:
        """Have these of a shard's records drawn and written: whole groups of them.

        Those of an open month are put in order of subscription, as they are looked for later.
        """
        month_of = records.placed.month[rows]
        for month in np.unique(month_of).tolist():
            own = rows[month_of == month]
            self._prepare(month)
            if month in self.intake.calendar.closed:
                self._keep_late(records.pick(own), month)
            else:
                in_order = np.argsort(records.placed.subscription[own])
                self._keep_open(records.pick(own[in_order]), month)
            self.rated += len(own)

    def finish(self) -> None:
        """Keep the balances, the pools' counts and the terms; attach what was written apart.

        The carriers make their tables ready meanwhile.
        """
        self.carriers.settle()
        for month, balances in sorted(self._balances.items()):
            after = Balance.joined(balances)
            write_balances(month_of_index(month), after)
            bundles = after.group[after.group % GROUPS == BUNDLE_GROUP] // GROUPS
            count_pools(month_of_index(month), np.unique(bundles).tolist())
        for month, subscriptions in sorted(self._subscriptions.items()):
            if subscriptions:
                terms, whose = self.intake.terms[month], np.concatenate(subscriptions)
                note_terms(terms, whose, seen=self.intake.seen(), is_anew=False)
        self.parts = self.carriers.finish()
        for part in self.parts:
            for target in part.targets.values():
                if target.part != SHARED_PART:
                    attach_part(target.month, target.part)

    def _keep_late(self, records: Pending, month: int) -> None:
        write = self._writer(self.carriers.own, month)
        self._leave(month, keep_late(records, month=self.intake.terms[month], write=write))
        self.late += len(records)

    def _keep_open(self, records: Pending, month: int) -> None:
        intake, terms = self.intake, self.intake.terms[month]
        self._subscriptions[month].append(np.unique(records.placed.subscription))
        before = self._balances_before(groups_of(records.asked, terms), month)
        among = comes_among(records, month=terms, before=before)
        if among.any():
            after, redrawn = keep_among(
                records.pick(among),
                month=terms,
                format=intake.format,
                reached_for=intake.reached_for,
                write=self._writer(self.carriers.own, month),
            )
            self._leave(month, after)
            self._subscriptions[month].append(redrawn)
            records = records.pick(~among)
        if len(records):
            self.carriers.give(partial(self._keep_next, records, month, before))

    def _keep_next(self, records: Pending, month: int, before: Balance, part: Part) -> None:
        """Done by a carrier: it asks the database nothing, and writes to its own tables."""
        after = keep_next(
            records,
            month=self.intake.terms[month],
            format=self.intake.format,
            before=before,
            write=self._writer(part, month),
        )
        self._leave(month, after)

    def _writer(self, part: Part, month: int) -> Write:
        of = month_of_index(month)
        is_late = month in self.intake.calendar.closed
        billed_month = Month.of(self.intake.at) if is_late else of
        return partial(part.write, month=of, billed_month=billed_month)

    def _prepare(self, month: int) -> None:
        if month not in self.months:
            self.months.add(month)
            ensure_month(month_of_index(month))
            self._fresh[month] = not has_balances(month_of_index(month))
            self._balances[month] = []
            self._subscriptions[month] = []

    def _balances_before(self, groups: Ints, month: int) -> Balance:
        """A fresh month has none, and no other shard of this load those of this one."""
        if self._fresh[month]:
            return no_balances()
        return read_balances(month_of_index(month), groups)

    def _leave(self, month: int, after: Balance) -> None:
        self._balances[month].append(after)
