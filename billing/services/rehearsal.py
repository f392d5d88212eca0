"""试算: a month's close run through, looked at, and undone; and who lets it be billed (BIL-6)."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from billing.batch.issue_apart import issue_apart
from billing.batch.rate_usage import rate_month
from billing.models import Bill, ClosedMonth, Rehearsal
from billing.papers.change_words import explain
from billing.queries.bill_changes import bill_changes
from billing.queries.rehearsed import (
    UNCHARGED_KEPT,
    found_in,
    largest_differences,
    uncharged_in,
)
from billing.rules.close_policy import Bounds, Found, beyond
from bss.kernel import approvals, audit, progress
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval
from bss.kernel.notices import notify_holders
from bss.kernel.periods import Month
from bss.kernel.sentences import stored

KIND = "month.close"
PARTS = 3
"""Rating, bills, and the look at them."""
BEYOND = "%(month)s 试算有 %(count)s 项超出阈值，等两人确认后才能出帐。"
WITHIN = "%(month)s 试算在阈值之内，将按时自动出帐。"
CLOSED = "%(month)s 已经出帐，不再试算。"
NOTHING_TO_ASK = "%(month)s 的试算在阈值之内或已经批准，不需要申请。"
SUPERSEDED = "这次试算之后又有了新的试算，请按最新的结果申请。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What the bills were, before they were undone; rows as they are kept."""

    found: Found
    uncharged: Sequence[Mapping[str, Any]]
    differences: Sequence[Mapping[str, Any]]


def rehearse(*, month: Month, at: datetime, by_id: int | None = None) -> Rehearsal:
    """Run the close through to its bills, keep what it found, undo all else; as often as wanted.

    Tells all who run months: that it approves itself, or what waits for two persons.
    Raises: BadInputError before the month's end, and when it is closed.
    """
    if at < month.ends_at:
        raise BadInputError(("month", "该月尚未结束，不能试算。"))
    if ClosedMonth.objects.filter(month=month.first_day).exists():
        raise BadInputError(("month", Sentence(CLOSED, month=str(month))))
    began = time.monotonic()
    look = _run_through(month, at=at)
    too_far = beyond(look.found, Bounds(**settings.CLOSE_BOUNDS))
    with transaction.atomic():
        rehearsal = Rehearsal.objects.create(
            month=month.first_day,
            at=at,
            took_ms=round((time.monotonic() - began) * 1000),
            by_id=by_id,
            found=asdict(look.found),
            differences=look.differences,
            uncharged=look.uncharged,
            beyond=[stored(sentence) for sentence in too_far],
        )
        audit.record(
            action="month.rehearse",
            subject=f"month:{month}",
            at=at,
            staff_id=by_id,
            detail={"rehearsal": rehearsal.pk, "beyond": len(too_far)},
        )
        month_text = str(month)
        text = Sentence(WITHIN, month=month_text)
        if too_far:
            text = Sentence(BEYOND, month=month_text, count=len(too_far))
        notify_holders(
            permission="month.run",
            text=text,
            url=reverse("billing:rehearsal", args=[month_text]),
            at=at,
        )
    return rehearsal


def latest(month: Month) -> Rehearsal | None:
    return Rehearsal.objects.filter(month=month.first_day).first()


def ask(*, month: Month, by_id: int, at: datetime, reason: str) -> Approval:
    """Put what is beyond the bounds before a second person. Raises: BadInputError."""
    rehearsal = latest(month)
    if rehearsal is None or rehearsal.allows:
        raise BadInputError(("", Sentence(NOTHING_TO_ASK, month=str(month))))
    return approvals.ask(
        kind=KIND, payload={"rehearsal_id": rehearsal.pk}, asked_by_id=by_id, at=at, reason=reason
    )


@transaction.atomic
def approve(*, rehearsal_id: int, asked_by_id: int, approved_by_id: int, at: datetime) -> Rehearsal:
    """Two persons say that the month may be billed as rehearsed. Raises: BadInputError."""
    rehearsal = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
    if latest(Month.of(rehearsal.month)) != rehearsal:
        raise BadInputError(("", SUPERSEDED))
    rehearsal.asked_by_id, rehearsal.approved_by_id = asked_by_id, approved_by_id
    rehearsal.approved_at = at
    rehearsal.save(update_fields=["asked_by", "approved_by", "approved_at"])
    audit.record(
        action="month.approve",
        subject=f"month:{Month.of(rehearsal.month)}",
        at=at,
        staff_id=approved_by_id,
        detail={"rehearsal": rehearsal.pk, "asked_by": asked_by_id},
    )
    return rehearsal


def _run_through(month: Month, *, at: datetime) -> _Look:
    with transaction.atomic():
        with audit.as_one(action="month.rehearse", subject=f"month:{month}", at=at):
            rate_month(month=month)
            progress.tell("rehearse", 1, PARTS)
            issued = issue_apart(month=month, shard=0, shards=1, at=at)
        progress.tell("rehearse", 2, PARTS)
        look = _look(month, [fault.account_id for fault in issued.faults])
        progress.tell("rehearse", PARTS, PARTS)
        transaction.set_rollback(True)
    return look


def _look(month: Month, parked: Sequence[int]) -> _Look:
    uncharged = uncharged_in(month, parked=parked)
    with translation.override("zh-hans"):
        differences = [_difference(bill) for bill in largest_differences(month)]
    return _Look(
        found=found_in(month, parked=parked, uncharged=len(uncharged)),
        uncharged=[asdict(one) for one in uncharged[:UNCHARGED_KEPT]],
        differences=differences,
    )


def _difference(bill: Bill) -> dict[str, Any]:
    """A bill that would differ much, with the weightiest reason (as it is read to a customer)."""
    told = explain(bill_changes(bill))
    return {
        "account": bill.account.code,
        "fen": bill.total_fen,
        "before_fen": bill.before_fen,  # type: ignore[attr-defined]
        "why": told.reasons[0].short if told and told.reasons else "",
    }
