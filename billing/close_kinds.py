"""What a month's close puts before a second person: a rehearsal beyond its bounds (BIL-6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from billing.models import Rehearsal
from billing.services import rehearsal as rehearsals
from bss.kernel.approvals import ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.outbox import announce
from bss.kernel.periods import Month
from bss.kernel.units import yuan

GONE = "这次试算已经不在，请重新试算。"


def describe_close(payload: Payload) -> Sequence[Line]:
    """The month, what it would come to, and every point that is beyond the bounds."""
    found = _rehearsal(payload)
    return (
        Line("月份", str(Month.of(found.month))),
        Line("试算时间", f"{found.at:%Y-%m-%d %H:%M}"),
        Line("帐单", found.found["bills"], before=found.found["before_bills"]),
        Line(
            "帐单合计(元)", yuan(found.found["total_fen"]), before=yuan(found.found["before_fen"])
        ),
        *(Line("超出阈值", sentence) for sentence in found.sentences),
    )


def perform_close(approval: Approval, *, at: datetime) -> dict[str, Any]:
    """The month may be billed; it is, when its time has come (``month.approved``)."""
    assert approval.decided_by_id is not None
    found = rehearsals.approve(
        rehearsal_id=approval.payload["rehearsal_id"],
        asked_by_id=approval.asked_by_id,
        approved_by_id=approval.decided_by_id,
        at=at,
    )
    month = str(Month.of(found.month))
    announce("month.approved", {"month": month}, at=at)
    return {"url": reverse("billing:run", args=[month])}


def _rehearsal(payload: Payload) -> Rehearsal:
    found = Rehearsal.objects.filter(pk=payload["rehearsal_id"]).first()
    if found is None:
        raise BadInputError(("", GONE))
    return found


APPROVALS: Mapping[str, ApprovalKind] = {
    rehearsals.KIND: ApprovalKind(
        permission="month.run",
        title="超出阈值的出帐",
        describe=describe_close,
        perform=perform_close,
        valid_for=timedelta(days=5),
    ),
}
