"""What every change of a main account leaves behind, and what none may do."""

from datetime import datetime
from typing import Any

from bss.identity.duties import Carried, Duty, carried_by
from bss.kernel import access, audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Staff

ONESELF = "不能办理自己的帐号，请由另一位安全管理员办理。"
NO_REASON = "请写明原因，便于日后审计。"
HAS_LEFT = "%(who)s 已离职，帐号不能再变动；返岗请开立新工号。"
NEEDS_SUCCESSOR = "%(who)s 名下还有%(what)s %(count)s 件，请指定接手人。"
NOT_A_SUCCESSOR = "%(who)s 不能接手：须为在岗的另一位同事。"
SUCCESSOR_LACKS = "%(who)s 不能接手%(what)s：没有“%(permission)s”权限。"


def require_reason(reason: str) -> str:
    """Raises: BadInputError, when nothing is given."""
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    return reason.strip()


def require_other(staff: Staff, *, by_id: int | None) -> None:
    """Nobody runs their own account, and nobody one that has ended. Raises: BadInputError."""
    if by_id == staff.pk:
        raise BadInputError(("", ONESELF))
    if staff.state == Staff.State.LEFT:
        raise BadInputError(("", Sentence(HAS_LEFT, who=staff)))


def hand_over_duties(
    staff: Staff, *, successor_id: int | None, at: datetime, by_id: int | None
) -> dict[str, int]:
    """Give all that hangs on this person to the successor; how much of what.

    Raises: BadInputError, when there is something and nobody fit to take it.
    """
    carried = carried_by(staff.pk)
    if not carried:
        return {}
    if successor_id is None:
        raise BadInputError(*(("successor", _needs(staff, one)) for one in carried))
    successor = Staff.objects.get(pk=successor_id)
    if successor.pk == staff.pk or successor.state != Staff.State.ACTIVE:
        raise BadInputError(("successor", Sentence(NOT_A_SUCCESSOR, who=successor)))
    lacking = [c.duty for c in carried if not access.can(successor, c.duty.permission)]
    if lacking:
        raise BadInputError(*(("successor", _lacks(successor, duty)) for duty in lacking))
    return {
        c.duty.title: c.duty.hand_over(from_id=staff.pk, to_id=successor.pk, at=at, by_id=by_id)
        for c in carried
    }


def _needs(staff: Staff, carried: Carried) -> Sentence:
    return Sentence(NEEDS_SUCCESSOR, who=staff, what=carried.duty.title, count=carried.count)


def _lacks(successor: Staff, duty: Duty) -> Sentence:
    return Sentence(
        SUCCESSOR_LACKS,
        who=successor,
        what=duty.title,
        permission=access.PERMISSIONS[duty.permission],
    )


def record(
    action: str,
    staff: Staff,
    *,
    at: datetime,
    by_id: int | None,
    reason: str = "",
    **detail: Any,
) -> None:
    """One line in the history of this account: ``staff:<id>``."""
    audit.record(
        action=f"staff.{action}",
        subject=f"staff:{staff.pk}",
        at=at,
        staff_id=by_id,
        reason=reason[:200],
        detail=detail,
    )
