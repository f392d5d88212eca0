"""Month close 出帐: usage is rated for the last time, bills are issued and paid (BIL-1, BIL-6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.conf import settings

from billing.batch.rate_usage import rate_month
from billing.models import ClosedMonth
from billing.queries.control_room import KIND
from billing.queries.locked import lock_books
from billing.queries.unbilled import unbilled_of
from billing.services import close_steps
from bss.kernel.batch.steps import Report, Step, run_steps
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, BatchStep
from bss.kernel.periods import Month

LATER_KIND = "close_later"
"""Of a BatchRun that bills what a close parked."""


def close_month(*, month: Month, at: datetime, again: bool = True) -> BatchRun:
    """Close and bill that month alone; again, or by two at once, it changes nothing more.

    Rating and the closing of the books are one step: what is loaded later is late usage. Then per
    shard of accounts: bills, payment from the ledgers, and at last the cash of those whom a
    unified account begins to pay (ACC-9). An account whose bill would be wrong is parked; a later
    call bills it, once what was wrong is mended (BIL-6).
    ``again``: what failed or was parked is tried at once; the schedule leaves it to its pauses.
    Raises: BadInputError before the month's end; NoCatalogueError.
    """
    if at < month.ends_at:
        raise BadInputError(("month", "该月尚未结束，不能出帐。"))
    done = BatchRun.objects.filter(kind=KIND, key=str(month), state=BatchRun.State.DONE).first()
    if done is None:
        return run_steps(
            kind=KIND, key=str(month), at=at, steps=steps(month, shards_of(month)), again=again
        )
    if again:
        bill_later(month=month, at=at)
    return done


def steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a close that is under way."""
    month = Month.parse(run.key)
    return steps(month, shards_of(month))


def shards_of(month: Month) -> int:
    """How many shards the month's close has: as it was begun, whatever the settings say since."""
    begun = BatchStep.objects.filter(run__kind=KIND, run__key=str(month), name="bill").count()
    return begun or settings.CLOSE_SHARDS


def steps(month: Month, shards: int) -> Sequence[Step]:
    """The steps of a close, in order."""
    return (
        Step(name="rate", do=partial(_rate, month)),
        Step(name="bill", do=partial(close_steps.bill, month), shards=shards),
        Step(name="pay", do=partial(close_steps.pay, month), shards=shards),
        Step(name="move", do=partial(close_steps.move, month), shards=shards),
        Step(name="merge", do=partial(close_steps.merge, month)),
    )


def bill_later(*, month: Month, at: datetime) -> BatchRun | None:
    """Bill the accounts that the close parked, as far as what was wrong is mended; else None.

    Those that are still wrong stay parked, with what is wrong now.
    """
    parked = list(unbilled_of(month).values_list("account_id", flat=True))
    if not parked:
        return None
    before = BatchRun.objects.filter(kind=LATER_KIND, key__startswith=f"{month}/").count()
    return run_steps(
        kind=LATER_KIND,
        key=f"{month}/{before + 1}",
        at=at,
        steps=_later_steps(month, parked),
        facts={"accounts": parked},
    )


def later_steps_of(run: BatchRun) -> Sequence[Step]:
    """The steps of a later billing that is under way, of the accounts that it was begun with."""
    return _later_steps(Month.parse(run.key.partition("/")[0]), run.report["accounts"])


def _later_steps(month: Month, accounts: Sequence[int]) -> Sequence[Step]:
    return (
        Step(name="bill", do=partial(close_steps.bill, month, accounts)),
        Step(name="pay", do=partial(close_steps.pay, month, accounts)),
        Step(name="move", do=partial(close_steps.move, month, accounts)),
    )


def _rate(month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    lock_books(month)
    rated = rate_month(month=month)
    ClosedMonth.objects.get_or_create(month=month.first_day, defaults={"closed_at": at})
    return {"records": rated.records, "rejected": rated.rejected}
