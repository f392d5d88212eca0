"""Roles of a person: taken away at once, given by a second person's approval (S59-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bss.identity.queries.locked import lock_staff
from bss.identity.rules.staff_roles import conflicts_among
from bss.identity.services import sub_accounts
from bss.identity.services.staff_record import record, require_other, require_reason
from bss.kernel import approvals
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Role, Staff

GRANT = "staff.grant_roles"

APART = "“%(one)s”与“%(other)s”不能由同一人担任：%(why)s。"
NO_CHANGE = "所选角色与现有角色相同，没有需要办理的。"
NOT_AT_WORK = "%(who)s 的帐号已停用或离职，不能给予角色。"


@transaction.atomic
def set_roles(
    *, staff_id: int, role_codes: Collection[str], reason: str, by_id: int, at: datetime
) -> Approval | None:
    """Take what is not in ``role_codes`` at once; ask for what is new, and give that request.

    Source: S59-1. Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    require_other(staff, by_id=by_id)
    reason = require_reason(reason)
    has = set(staff.roles.values_list("code", flat=True))
    wanted = set(role_codes)
    if wanted == has:
        raise BadInputError(("roles", NO_CHANGE))
    refuse_conflicts(wanted)
    if has - wanted:
        take_roles(staff, has - wanted, at=at, by_id=by_id, reason=reason)
    if not wanted - has:
        return None
    return ask_for(staff, wanted - has, reason=reason, by_id=by_id, at=at)


def ask_for(
    staff: Staff, role_codes: Collection[str], *, reason: str, by_id: int, at: datetime
) -> Approval:
    """Put the new roles before a second person. Raises: BadInputError."""
    _require_at_work(staff)
    return approvals.ask(
        kind=GRANT,
        payload={"staff_id": staff.pk, "roles": sorted(role_codes)},
        asked_by_id=by_id,
        at=at,
        reason=reason,
    )


def take_roles(
    staff: Staff, role_codes: Collection[str], *, at: datetime, by_id: int | None, reason: str
) -> None:
    """Take these away from a locked person, with what came with them."""
    if not role_codes:
        return
    before = role_names(staff)
    staff.roles.remove(*Role.objects.filter(code__in=role_codes))
    _settle(staff, before, action="roles_taken", at=at, by_id=by_id, reason=reason)


@transaction.atomic
def grant_roles(
    *,
    staff_id: int,
    role_codes: Collection[str],
    reason: str,
    by_id: int,
    approved_by_id: int,
    at: datetime,
) -> None:
    """Give the roles that a second person has approved. Raises: BadInputError."""
    staff = lock_staff(staff_id)
    _require_at_work(staff)
    before = role_names(staff)
    refuse_conflicts({*staff.roles.values_list("code", flat=True), *role_codes})
    staff.roles.add(*Role.objects.filter(code__in=role_codes))
    _settle(
        staff,
        before,
        action="roles_granted",
        at=at,
        by_id=by_id,
        reason=reason,
        approved_by=str(Staff.objects.get(pk=approved_by_id)),
    )


def refuse_conflicts(role_codes: Collection[str]) -> None:
    """Raises: BadInputError with every pair that one person may not hold (S59-1)."""
    found = conflicts_among(role_codes)
    if not found:
        return
    names = dict(Role.objects.filter(code__in=role_codes).values_list("code", "name"))
    raise BadInputError(
        *(
            (
                "roles",
                Sentence(
                    APART, one=names.get(c.one, c.one), other=names.get(c.other, c.other), why=c.why
                ),
            )
            for c in found
        )
    )


def role_names(staff: Staff) -> list[str]:
    """The names of the person's roles, in the order of their codes."""
    return list(staff.roles.order_by("code").values_list("name", flat=True))


def _settle(
    staff: Staff,
    before: list[str],
    *,
    action: str,
    at: datetime,
    by_id: int | None,
    reason: str,
    **detail: str,
) -> None:
    sub_accounts.follow_roles(staff, at=at, by_id=by_id, reason=reason)
    record(
        action,
        staff,
        at=at,
        by_id=by_id,
        reason=reason,
        before=before,
        after=role_names(staff),
        **detail,
    )


def _require_at_work(staff: Staff) -> None:
    if not staff.is_active:
        raise BadInputError(("", Sentence(NOT_AT_WORK, who=staff)))
