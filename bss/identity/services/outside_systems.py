"""Outside systems in which staff have accounts: registered, changed, retired, taken up again."""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from bss.identity.models import OutsideSystem
from bss.identity.services import sub_accounts
from bss.identity.services.staff_record import require_reason
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence

CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
ODD_CODE = "系统编号以大写字母开头，只含大写字母、数字和连字符，最长 20 位。"
CODE_TAKEN = "系统编号 %(code)s 已有系统使用，请另取一个。"
NO_NAME = "请填写系统名称。"
RETIRED = "%(system)s 已停用，请先恢复再办理。"
IN_USE = "%(system)s 在用，不需要恢复。"


@transaction.atomic
def register_system(
    *, code: str, name: str, role_codes: Collection[str], reason: str, by_id: int, at: datetime
) -> OutsideSystem:
    """Register a system; everybody at work whose roles bring an account in it gets one.

    Source: S59-1. Raises: BadInputError.
    """
    reason = require_reason(reason)
    if not CODE.fullmatch(code):
        raise BadInputError(("code", ODD_CODE))
    system = OutsideSystem(code=code, name=_named(name), role_codes=sorted(role_codes))
    try:
        with transaction.atomic():
            system.save()
    except IntegrityError as error:
        raise BadInputError(("code", Sentence(CODE_TAKEN, code=code))) from error
    _follow_and_record("registered", system, at=at, by_id=by_id, reason=reason)
    return system


@transaction.atomic
def change_system(
    *,
    system_id: int,
    name: str,
    role_codes: Collection[str],
    reason: str,
    by_id: int,
    at: datetime,
) -> OutsideSystem:
    """Another name, or other roles that bring an account; the accounts follow at once.

    Source: S59-1. Raises: BadInputError.
    """
    system, reason = _lock(system_id), require_reason(reason)
    _require_active(system)
    system.name, system.role_codes = _named(name), sorted(role_codes)
    system.save(update_fields=["name", "role_codes"])
    _follow_and_record("changed", system, at=at, by_id=by_id, reason=reason)
    return system


@transaction.atomic
def retire_system(*, system_id: int, reason: str, by_id: int, at: datetime) -> OutsideSystem:
    """The system is no longer used: every account in it ends; its rows stay.

    Source: S59-1. Raises: BadInputError.
    """
    system, reason = _lock(system_id), require_reason(reason)
    _require_active(system)
    system.active = False
    system.save(update_fields=["active"])
    closed = sub_accounts.close_all_in(system, at=at, by_id=by_id, reason=reason)
    _record("retired", system, at=at, by_id=by_id, reason=reason, closed=closed)
    return system


@transaction.atomic
def reopen_system(*, system_id: int, reason: str, by_id: int, at: datetime) -> OutsideSystem:
    """It is used again; accounts that came with roles are opened anew. Raises: BadInputError."""
    system, reason = _lock(system_id), require_reason(reason)
    if system.active:
        raise BadInputError(("", Sentence(IN_USE, system=system)))
    system.active = True
    system.save(update_fields=["active"])
    _follow_and_record("reopened", system, at=at, by_id=by_id, reason=reason)
    return system


def _lock(system_id: int) -> OutsideSystem:
    found: OutsideSystem = OutsideSystem.objects.select_for_update().get(pk=system_id)
    return found


def _require_active(system: OutsideSystem) -> None:
    if not system.active:
        raise BadInputError(("", Sentence(RETIRED, system=system)))


def _named(name: str) -> str:
    if not name.strip():
        raise BadInputError(("name", NO_NAME))
    return name.strip()


def _follow_and_record(
    what: str, system: OutsideSystem, *, at: datetime, by_id: int, reason: str
) -> None:
    opened, closed = sub_accounts.follow_system(system, at=at, by_id=by_id, reason=reason)
    _record(what, system, at=at, by_id=by_id, reason=reason, opened=opened, closed=closed)


def _record(
    what: str, system: OutsideSystem, *, at: datetime, by_id: int, reason: str, **counts: int
) -> None:
    audit.record(
        action=f"outside_system.{what}",
        subject=f"outside_system:{system.pk}",
        at=at,
        staff_id=by_id,
        reason=reason[:200],
        detail={"name": system.name, "roles": system.role_codes, **counts},
    )
