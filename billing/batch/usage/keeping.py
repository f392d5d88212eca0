"""The records of a load on their way into the months' partitions, shard after shard.

The rows of a large load are copied by a thread of its own, on the transaction's connection, while
the next shard is drawn: nothing else may speak with the database then, so whatever does waits.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from django.db import connection

from billing.batch.usage.binary import Column, copy_rows
from billing.batch.usage.draw import GROUPS, Balance, groups_of
from billing.batch.usage.intake import Intake
from billing.batch.usage.keep import keep_late, keep_open
from billing.batch.usage.pending import Pending
from billing.batch.usage.store import (
    SHARED_PART,
    Target,
    attach_part,
    count_pools,
    ensure_month,
    has_balances,
    month_of_index,
    no_balances,
    read_balances,
    same_columns,
    start_part,
    write_balances,
)
from billing.batch.usage.ways import BUNDLE_GROUP
from billing.models import UsageFile
from bss.kernel.periods import Month


@dataclass(slots=True)
class Keeping:
    """``months`` says where the rows of each month go."""

    intake: Intake
    file: UsageFile
    part: int
    months: dict[int, Target] = field(default_factory=dict)
    rated: int = 0
    late: int = 0
    _fresh: dict[int, bool] = field(default_factory=dict)
    _balances: dict[int, list[Balance]] = field(default_factory=dict)
    _bundles: dict[int, set[int]] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _copying: Future[None] | None = None

    def keep(self, records: Pending) -> None:
        months = np.unique(records.placed.month).tolist()
        for month in months:
            whole = len(months) == 1
            part = records if whole else records.pick(records.placed.month == month)
            self._keep_month(part, month)

    def shut(self) -> None:
        """Let the copy that is under way end, also when the load fails: it has the connection."""
        self._pool.shutdown()

    def finish(self) -> None:
        """Attach what was written apart, keep the balances, and count the pools."""
        self._wait()
        for month, target in self.months.items():
            of = target.month
            if self.part != SHARED_PART:
                attach_part(target)
            if self._balances.get(month):
                write_balances(of, Balance.joined(self._balances[month]))
            if self._bundles.get(month):
                count_pools(of, sorted(self._bundles[month]))

    def _keep_month(self, records: Pending, month: int) -> None:
        intake = self.intake
        target = self._prepare(month)
        terms = intake.terms[month]
        if target.billed_month != target.month:
            self._wait()
            after = keep_late(records, month=terms, target=target, write=self._write)
            self.late += len(records)
        else:
            after = keep_open(
                records,
                month=terms,
                target=target,
                format=intake.format,
                before=self._balances_before(records, month),
                reached_for=intake.reached_for,
                write=self._write,
            )
        self.rated += len(records)
        self._leave(month, after)

    def _prepare(self, month: int) -> Target:
        if month in self.months:
            return self.months[month]
        self._wait()
        of = month_of_index(month)
        is_late = month in self.intake.calendar.closed
        target = Target(
            month=of,
            billed_month=Month.of(self.intake.at) if is_late else of,
            part=self.part,
            file_id=self.file.pk,
        )
        ensure_month(of)
        if self.part != SHARED_PART:
            start_part(target)
        self._fresh[month] = not has_balances(of)
        self.months[month] = target
        return target

    def _balances_before(self, records: Pending, month: int) -> Balance:
        """A fresh month has none, and no other shard of this load those of this one."""
        if self._fresh[month]:
            return no_balances()
        self._wait()
        terms = self.intake.terms[month]
        return read_balances(month_of_index(month), groups_of(records.asked, terms))

    def _leave(self, month: int, after: Balance) -> None:
        bundles = after.group[after.group % GROUPS == BUNDLE_GROUP] // GROUPS
        self._bundles.setdefault(month, set()).update(bundles.tolist())
        self._balances.setdefault(month, []).append(after)

    def _write(self, target: Target, columns: Sequence[Column], lines: pa.StringArray) -> None:
        self._wait()
        if target.part == SHARED_PART:
            with connection.cursor() as cursor:
                copy_rows(cursor, target.table, [*columns, *same_columns(target)], text=lines)
            return
        raw = connection.connection

        def copy() -> None:
            with raw.cursor() as cursor:
                copy_rows(cursor, target.table, columns, text=lines, freeze=True)

        self._copying = self._pool.submit(copy)

    def _wait(self) -> None:
        """Until the rows of the shard before are in their table."""
        if self._copying is not None:
            copying, self._copying = self._copying, None
            copying.result()
