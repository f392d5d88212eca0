"""The rows of a large load on their way into tables of their own, one for each month."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from django.db import connection

from billing.batch.usage.binary import Column, copy_rows
from billing.batch.usage.store import (
    SHARED_PART,
    Target,
    complete_part,
    next_part,
    same_columns,
    start_part,
)
from bss.kernel.periods import Month

ROWS_AT_MOST = 2_500_000
"""A part with more is made ready, and the next rows go to another: what its indexes take of memory
while they are sorted has a bound."""


@dataclass(slots=True)
class Part:
    """What one carrier brings: a table for each month, which nobody sees before it is attached.

    ``number`` is SHARED_PART for small loads, whose rows go to what the months have already, and
    None as long as there are no rows.
    """

    file_id: int
    number: int | None = None
    targets: dict[Month, Target] = field(default_factory=dict)
    rows: int = 0

    @property
    def is_full(self) -> bool:
        return self.rows >= ROWS_AT_MOST

    def write(
        self, columns: Sequence[Column], lines: pa.StringArray, *, month: Month, billed_month: Month
    ) -> None:
        """Copy rows of a month that stand on the bill of another, or its own."""
        target = self._target(month, billed_month)
        is_shared = target.part == SHARED_PART
        self.rows += len(lines)
        with connection.cursor() as cursor:
            copy_rows(
                cursor,
                target.table,
                [*columns, *same_columns(target)] if is_shared else columns,
                text=lines,
                freeze=not is_shared,
            )

    def complete(self) -> None:
        """Make the tables ready for their months."""
        for target in self.targets.values():
            if target.part != SHARED_PART:
                complete_part(target)

    def _target(self, month: Month, billed_month: Month) -> Target:
        if self.number is None:
            self.number = next_part()
        if month not in self.targets:
            target = Target(
                month=month, billed_month=billed_month, part=self.number, file_id=self.file_id
            )
            if self.number != SHARED_PART:
                start_part(target)
            self.targets[month] = target
        return self.targets[month]
