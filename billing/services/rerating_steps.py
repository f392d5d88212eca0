"""What a re-rating does to one shard of a month: it looks, and later does what was shown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from billing.batch import sql
from billing.batch.rerate_month import Compared, Difference, rerate_month
from billing.batch.rerating_scope import scope_of
from billing.batch.usage.locks import lock_usage_for_rating
from billing.batch.usage.rerate_chosen import write_late
from billing.models import Reason, Rerating
from billing.queries.locked import hold_accounts, lock_books
from billing.queries.rerated import is_billed, item_label, refuse_archived
from billing.rules.house import ITEMS
from billing.rules.offerings import read_offering
from billing.rules.rerating import Treatment, treatment_of
from billing.services.adjustments import next_bill
from billing.services.reasons import own_reason
from bss.kernel.batch.steps import Report
from bss.kernel.periods import Month

AT_ONCE = 5_000
REASON = "tariff"
"""Of the adjustments; the product brings it."""


class Row(NamedTuple):
    """A difference as it is kept and known again, in the order of ``keep_rerated``."""

    account_id: int
    subscription_id: int
    item: str
    bill_line_id: int | None
    old_fen: int
    new_fen: int
    treatment: str
    parts: tuple[tuple[int, int, int], ...]

    @property
    def line(self) -> tuple[int, int, str]:
        """Of one re-rating and month there is one of each."""
        return self.account_id, self.subscription_id, self.item


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a re-rating: ``number`` of ``count`` parts of a month's subscribers."""

    rerating: Rerating
    month: Month
    number: int
    count: int


def look(rerating_id: int, month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    """Run it through, keep what differs, undo all else. Raises: as ``is_billed``."""
    part = Shard(Rerating.objects.get(pk=rerating_id), month, shard, shards)
    _hold(month)
    lock_usage_for_rating()
    refuse_archived(month)
    closed = is_billed(month)
    with transaction.atomic():
        found = _compare(part, is_closed=closed)
        transaction.set_rollback(True)
    lines = [_row(part, one) for one in found.differences]
    for first in range(0, len(lines), AT_ONCE):
        _keep(part, lines[first : first + AT_ONCE])
    return {
        "month": str(month),
        "is_closed": closed,
        "records": found.records,
        "changed": found.changed,
        "unpriced": found.unpriced,
        "lines": len(lines),
        "sums": found.sums,
    }


def do(rerating_id: int, month: Month, *, shard: int, shards: int, at: datetime) -> Report:
    """Do what was shown; a line that would now be another is left as it is (ADR 0014).

    A closed month's lines are adjusted on the next bill (BIL-7); an open month's records are
    replaced by a fresh rating, whatever was loaded since.
    Locks: the books of the month, the next and the bill's, loads, the accounts.
    """
    part = Shard(Rerating.objects.get(pk=rerating_id), month, shard, shards)
    _hold(month)
    bill = next_bill(at)
    lock_usage_for_rating()
    refuse_archived(month)
    closed = is_billed(month)
    shown = part.rerating.lines.filter(month=month.first_day, shard=shard)
    wanted = {
        Row._make((*row, tuple(map(tuple, parts)))): line_id
        for line_id, *row, parts in shown.exclude(treatment=Treatment.REPLACE).values_list(
            "pk", *Row._fields
        )
    }
    hold_accounts(sorted({row.account_id for row in wanted}))
    with transaction.atomic():
        found = _compare(part, is_closed=closed)
        transaction.set_rollback(closed or bool(found.unpriced))
    if found.unpriced:
        return {"month": str(month), "left": len(wanted) or found.unpriced}
    now = {_row(part, one) for one in found.differences if one.is_billed}
    if closed and not is_billed(month.next):
        for late in found.late:
            write_late(late)
    as_shown = [line_id for row, line_id in wanted.items() if row in now]
    made, credits_fen, debits_fen = _adjust(part, bill, as_shown, at=at)
    return {
        "month": str(month),
        "left": len({row.line for row in now.symmetric_difference(wanted)}),
        "adjustments": made,
        "credits_fen": int(credits_fen),
        "debits_fen": int(debits_fen),
    }


def _hold(month: Month) -> None:
    """Let nobody close the month, or the one on whose bill its late usage stands, meanwhile."""
    for one in (month, month.next):
        lock_books(one, shared=True)


def _compare(part: Shard, *, is_closed: bool) -> Compared:
    rerating = part.rerating
    scope = scope_of(
        part.month,
        read_offering(rerating.offering),
        customer_id=rerating.customer_id,
        shard=part.number,
        shards=part.count,
    )
    return rerate_month(
        part.month,
        scope,
        is_closed=is_closed,
        next_is_closed=is_closed and is_billed(part.month.next),
    )


def _row(part: Shard, found: Difference) -> Row:
    treatment = treatment_of(
        difference_fen=found.new_fen - found.old_fen,
        is_billed=found.is_billed,
        for_people=found.for_people,
        credits_only=part.rerating.credits_only,
    )
    return Row(
        account_id=found.account_id,
        subscription_id=found.subscription_id,
        item=found.item,
        bill_line_id=found.line_id,
        old_fen=found.old_fen,
        new_fen=found.new_fen,
        treatment=str(treatment),
        parts=tuple((one.percent, one.amount_fen, one.tax_fen) for one in found.parts),
    )


def _keep(part: Shard, rows: Sequence[Row]) -> None:
    sql.run(
        "keep_rerated",
        {
            "rerating": part.rerating.pk,
            "month": part.month.first_day,
            "shard": part.number,
            "rows": json.dumps(rows),
        },
    )


def _adjust(
    part: Shard, bill: Month, line_ids: Sequence[int], *, at: datetime
) -> tuple[int, int, int]:
    rerating = part.rerating
    reason = own_reason(purpose=Reason.Purpose.ADJUSTMENT, code=REASON, words="资费更正")
    assert rerating.approval is not None
    [made] = sql.run(
        "make_rerated",
        {
            "lines": list(line_ids),
            "bill": bill.first_day,
            "digest": rerating.digest,
            "reason": reason.pk,
            "words": reason.words,
            "items": list(ITEMS),
            "labels": [item_label(item) for item in ITEMS],
            "at": at,
            "by": rerating.approval.asked_by_id,
            "approval": rerating.approval.pk,
        },
    )
    return made  # type: ignore[return-value]
