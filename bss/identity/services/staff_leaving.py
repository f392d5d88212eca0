"""停用与离职: every way in ends at once; nothing is deleted (S59-1)."""

from datetime import datetime

from django.db import transaction

from bss.identity.queries.locked import lock_staff
from bss.identity.services import sub_accounts, work_sessions
from bss.identity.services.staff_access import end_every_way_in
from bss.identity.services.staff_record import (
    hand_over_duties,
    record,
    require_other,
    require_reason,
)
from bss.identity.services.staff_roles import role_names, take_roles
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Staff
from bss.kernel.outbox import announce

DISABLED_ALREADY = "%(who)s 的帐号已经停用。"


@transaction.atomic
def disable(*, staff_id: int, reason: str, by_id: int | None, at: datetime) -> Staff:
    """Shut an account for the time being: roles and customers stay, sub-accounts rest.

    ``by_id`` None: the house itself, for an account that nobody uses. It comes back by recovery,
    which takes two persons.

    Source: S59-1. Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    require_other(staff, by_id=by_id)
    reason = require_reason(reason)
    if staff.state == Staff.State.DISABLED:
        raise BadInputError(("", Sentence(DISABLED_ALREADY, who=staff)))
    staff.disable()
    end_every_way_in(staff)
    staff.save()
    work_sessions.end_all_of(staff_id=staff.pk, why="disabled", at=at, ended_by_id=by_id)
    sub_accounts.suspend_all(staff, at=at, by_id=by_id, reason=reason)
    record("disabled", staff, at=at, by_id=by_id, reason=reason)
    announce("staff.disabled", {"staff_id": staff.pk}, at=at)
    return staff


@transaction.atomic
def leave(
    *, staff_id: int, successor_id: int | None, reason: str, by_id: int, at: datetime
) -> Staff:
    """End an account for good: disabled at once, customers to the successor, roles taken.

    Source: S59-1. Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    require_other(staff, by_id=by_id)
    reason = require_reason(reason)
    handed_over = hand_over_duties(staff, successor_id=successor_id, at=at, by_id=by_id)
    had = role_names(staff)
    take_roles(
        staff,
        list(staff.roles.values_list("code", flat=True)),
        at=at,
        by_id=by_id,
        reason=reason,
    )
    sub_accounts.close_all(staff, at=at, by_id=by_id, reason=reason)
    staff.leave()
    end_every_way_in(staff)
    staff.save()
    work_sessions.end_all_of(staff_id=staff.pk, why="disabled", at=at, ended_by_id=by_id)
    record(
        "left",
        staff,
        at=at,
        by_id=by_id,
        reason=reason,
        before={"roles": had},
        successor=str(Staff.objects.get(pk=successor_id)) if successor_id else "",
        handed_over=handed_over,
    )
    announce("staff.left", {"staff_id": staff.pk, "successor_id": successor_id}, at=at)
    return staff
