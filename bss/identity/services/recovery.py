"""帐号恢复: whoever has lost the way in is let in again by two persons (S59-1).

One asks, another approves; then the asker hands over a one-time password, which is shown once.
The same way brings a disabled account back: no officer opens somebody's account alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bss.identity.models import Recovery
from bss.identity.queries.locked import lock_staff
from bss.identity.second_factors import forget_second_factors
from bss.identity.services import sub_accounts
from bss.identity.services.staff_access import give_one_time_password
from bss.identity.services.staff_record import record, require_other, require_reason
from bss.kernel import approvals
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Staff

RECOVER = "staff.recover"
HAND_OVER_WITHIN = timedelta(hours=24)

NOT_THE_ASKER = "只有申请人本人可以发放一次性密码。"
USED = "一次性密码已经发放过，不能再看；仍需要时请重新申请恢复。"
TOO_LATE = "批准已过 %(hours)s 小时，没有发放；仍需要时请重新申请恢复。"
ASKED = "该帐号已有等待审批的恢复申请。"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The way in again; ``one_time_password`` cannot be read a second time."""

    staff: Staff
    one_time_password: str


@transaction.atomic
def ask_recovery(
    *, staff_id: int, lost_second_factor: bool, reason: str, by_id: int, at: datetime
) -> Approval:
    """Ask a second person to let somebody in again. Raises: BadInputError."""
    staff = lock_staff(staff_id)
    require_other(staff, by_id=by_id)
    waiting = Approval.objects.filter(
        kind=RECOVER, state=Approval.State.ASKED, payload__staff_id=staff.pk, expires_at__gt=at
    )
    if waiting.exists():
        raise BadInputError(("", ASKED))
    return approvals.ask(
        kind=RECOVER,
        payload={"staff_id": staff.pk, "lost_second_factor": lost_second_factor},
        asked_by_id=by_id,
        at=at,
        reason=reason,
    )


@transaction.atomic
def allow_recovery(*, approval: Approval, at: datetime) -> Recovery:
    """The second person agrees: the asker may hand the way in over, once, within a day."""
    staff = lock_staff(approval.payload["staff_id"])
    require_other(staff, by_id=approval.decided_by_id)
    recovery = Recovery.objects.create(
        staff=staff,
        approval=approval,
        asked_by_id=approval.asked_by_id,
        lost_second_factor=approval.payload["lost_second_factor"],
        approved_at=at,
        valid_until=at + HAND_OVER_WITHIN,
    )
    record(
        "recovery_allowed",
        staff,
        at=at,
        by_id=approval.decided_by_id,
        reason=approval.reason,
        asked_by=str(approval.asked_by),
    )
    return recovery


@transaction.atomic
def hand_over(*, recovery_id: int, by_id: int, at: datetime) -> HandedOver:
    """Make the one-time password and give it, once; a disabled account is entered again.

    Source: S59-1. Raises: BadInputError.
    """
    found = Recovery.objects.get(pk=recovery_id)
    staff = lock_staff(found.staff_id)
    recovery = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery_id)
    _decide(recovery, staff, by_id=by_id, at=at)
    came_back = staff.state == Staff.State.DISABLED
    if came_back:
        staff.reinstate()
    password = give_one_time_password(staff)
    staff.save()
    if came_back:
        sub_accounts.resume_all(staff, at=at, by_id=by_id, reason=recovery.approval.reason)
    forgotten = forget_second_factors(staff) if recovery.lost_second_factor else 0
    recovery.used_at = at
    recovery.save(update_fields=["used_at"])
    record(
        "recovered",
        staff,
        at=at,
        by_id=by_id,
        reason=recovery.approval.reason,
        approved_by=str(recovery.approval.decided_by),
        reinstated=came_back,
        second_factors_forgotten=forgotten,
    )
    return HandedOver(staff, password)


@transaction.atomic
def let_in(*, staff_id: int, reason: str, at: datetime) -> HandedOver:
    """The last way in, for whoever runs the servers: when no two officers are left to do it.

    Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    require_other(staff, by_id=None)
    reason = require_reason(reason)
    came_back = staff.state == Staff.State.DISABLED
    if came_back:
        staff.reinstate()
    password = give_one_time_password(staff)
    staff.save()
    if came_back:
        sub_accounts.resume_all(staff, at=at, by_id=None, reason=reason)
    forgotten = forget_second_factors(staff)
    record(
        "recovered",
        staff,
        at=at,
        by_id=None,
        reason=reason,
        reinstated=came_back,
        second_factors_forgotten=forgotten,
    )
    return HandedOver(staff, password)


def _decide(recovery: Recovery, staff: Staff, *, by_id: int, at: datetime) -> None:
    require_other(staff, by_id=by_id)
    if recovery.asked_by_id != by_id:
        raise BadInputError(("", NOT_THE_ASKER))
    if recovery.used_at is not None:
        raise BadInputError(("", USED))
    if at >= recovery.valid_until:
        hours = HAND_OVER_WITHIN // timedelta(hours=1)
        raise BadInputError(("", Sentence(TOO_LATE, hours=hours)))
