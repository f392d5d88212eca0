"""调动: somebody goes to another place; what they had there stays there (S59-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bss.identity.queries.locked import lock_staff
from bss.identity.services import sub_accounts
from bss.identity.services.staff_access import end_tokens
from bss.identity.services.staff_entry import require_open
from bss.identity.services.staff_record import (
    hand_over_duties,
    record,
    require_other,
    require_reason,
)
from bss.identity.services.staff_roles import ask_for, refuse_conflicts, role_names, take_roles
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Organisation, Staff
from bss.kernel.outbox import announce

SAME_PLACE = "%(who)s 已在 %(place)s，调动请选择另一个机构；只变动角色请用“角色”。"
NOT_AT_WORK = "%(who)s 的帐号已停用，请先恢复再调动。"


@transaction.atomic
def move(
    *,
    staff_id: int,
    organisation_id: int,
    role_codes: Collection[str],
    successor_id: int | None,
    reason: str,
    by_id: int,
    at: datetime,
) -> Approval | None:
    """Move a person: their customers go to the successor, their roles and sub-accounts end.

    The roles for the new place are asked for; that request is given back.

    Source: S59-1. Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    require_other(staff, by_id=by_id)
    reason = require_reason(reason)
    place = Organisation.objects.get(pk=organisation_id)
    _decide(staff, place)
    refuse_conflicts(role_codes)
    handed_over = hand_over_duties(staff, successor_id=successor_id, at=at, by_id=by_id)
    came_from, had = staff.organisation, role_names(staff)
    take_roles(
        staff,
        list(staff.roles.values_list("code", flat=True)),
        at=at,
        by_id=by_id,
        reason=reason,
    )
    sub_accounts.close_all(staff, at=at, by_id=by_id, reason=reason)
    end_tokens(staff)
    staff.organisation = place
    staff.save(update_fields=["organisation"])
    record(
        "moved",
        staff,
        at=at,
        by_id=by_id,
        reason=reason,
        before={"place": str(came_from or ""), "roles": had},
        after={"place": place.name},
        successor=_name(successor_id),
        handed_over=handed_over,
    )
    announce("staff.moved", {"staff_id": staff.pk, "successor_id": successor_id}, at=at)
    if not role_codes:
        return None
    return ask_for(staff, role_codes, reason=reason, by_id=by_id, at=at)


def _decide(staff: Staff, place: Organisation) -> None:
    if not staff.is_active:
        raise BadInputError(("", Sentence(NOT_AT_WORK, who=staff)))
    require_open(place)
    if staff.organisation_id == place.pk:
        raise BadInputError(("organisation", Sentence(SAME_PLACE, who=staff, place=place)))


def _name(staff_id: int | None) -> str:
    return str(Staff.objects.get(pk=staff_id)) if staff_id else ""
