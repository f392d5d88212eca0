"""What this app puts before a second person: roles for somebody, and somebody's way back in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bss.identity.queries.locked import lock_staff
from bss.identity.queries.staff_seen import visible_staff
from bss.identity.services.recovery import RECOVER, allow_recovery
from bss.identity.services.staff_roles import GRANT, grant_roles, role_names
from bss.kernel.access import PERMISSIONS
from bss.kernel.approvals import About, ApprovalKind, Line, Payload
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Role, Staff

NOT_THERE = "找不到申请中的工号或角色。"
GIVEN = "%(role)s（数据范围：%(reach)s）"


def describe_grant(payload: Payload) -> Sequence[Line]:
    """Whose roles become what, and what the person may do then that they may not do now."""
    staff = _staff(payload)
    given = list(Role.objects.filter(code__in=payload["roles"]).order_by("code"))
    if len(given) != len(payload["roles"]):
        raise BadInputError(("", NOT_THERE))
    has = list(staff.roles.order_by("code"))
    new = {c for role in given for c in role.permissions} - {
        c for role in has for c in role.permissions
    }
    return (
        *_who(staff),
        *(Line("现有角色", role.name) for role in has),
        *(Line("给予角色", Sentence(GIVEN, role=role.name, reach=_reach(role))) for role in given),
        *(Line("新增权限", PERMISSIONS[code]) for code in PERMISSIONS if code in new),
    )


def perform_grant(approval: Approval, *, at: datetime) -> dict[str, Any]:
    assert approval.decided_by_id is not None
    grant_roles(
        staff_id=approval.payload["staff_id"],
        role_codes=approval.payload["roles"],
        reason=approval.reason,
        by_id=approval.asked_by_id,
        approved_by_id=approval.decided_by_id,
        at=at,
    )
    return {"roles": role_names(_staff(approval.payload))}


def describe_recovery(payload: Payload) -> Sequence[Line]:
    """Who is let in again, and what becomes of what they had."""
    staff = _staff(payload)
    return (
        *_who(staff),
        Line("帐号状态", str(Staff.State(staff.state).label)),
        Line("密码", "作废现用密码，由申请人发放一次性密码"),
        Line("第二因子", "全部解除，登录后重新绑定" if payload["lost_second_factor"] else "不变"),
    )


def perform_recovery(approval: Approval, *, at: datetime) -> dict[str, Any]:
    return {"recovery_id": allow_recovery(approval=approval, at=at).pk}


def reached(staff: Staff, staff_ids: Collection[int]) -> set[int]:
    """Somebody else, within the approver's part of the house."""
    others = visible_staff(staff).filter(pk__in=staff_ids).exclude(pk=staff.pk)
    return set(others.values_list("pk", flat=True))


def _staff(payload: Payload) -> Staff:
    staff = Staff.objects.select_related("organisation").filter(pk=payload["staff_id"]).first()
    if staff is None:
        raise BadInputError(("", NOT_THERE))
    return staff


def _lock(payload: Payload) -> Staff:
    return lock_staff(payload["staff_id"])


def _who(staff: Staff) -> tuple[Line, ...]:
    return (
        Line("工号", staff.username),
        Line("姓名", staff.display_name),
        Line("机构", str(staff.organisation or "")),
    )


def _reach(role: Role) -> str:
    return str(Role.Reach(role.reach).label)


THE_PERSON = About(ids=lambda payload: [payload["staff_id"]], reached=reached)

APPROVALS: Mapping[str, ApprovalKind] = {
    GRANT: ApprovalKind(
        permission="role.grant",
        title="给予角色",
        describe=describe_grant,
        perform=perform_grant,
        valid_for=timedelta(days=3),
        lock=_lock,
        about=THE_PERSON,
    ),
    RECOVER: ApprovalKind(
        permission="staff.manage",
        title="恢复帐号",
        describe=describe_recovery,
        perform=perform_recovery,
        valid_for=timedelta(hours=8),
        lock=_lock,
        about=THE_PERSON,
    ),
}
