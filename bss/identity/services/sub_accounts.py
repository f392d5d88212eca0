"""Accounts in outside systems: each change goes out as an event, for whoever connects to them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from bss.identity.models import OutsideSystem, SubAccount
from bss.identity.queries.locked import lock_staff
from bss.identity.services.staff_record import record, require_reason
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Staff
from bss.kernel.outbox import announce

NOT_AT_WORK = "只有待启用或在岗的工号可以开立从帐号。"
SYSTEM_CLOSED = "%(system)s 已停用，不能开立从帐号。"
TAKEN = "%(system)s 中帐号 %(name)s 已有人使用，或该工号已有从帐号。"
ENDED = "该从帐号已关闭。"

State = SubAccount.State


@transaction.atomic
def open_sub_account(
    *, staff_id: int, system_id: int, account_name: str, reason: str, by_id: int, at: datetime
) -> SubAccount:
    """Give this person an account in an outside system.

    Source: S59-1. Raises: BadInputError.
    """
    staff = lock_staff(staff_id)
    reason = require_reason(reason)
    system = OutsideSystem.objects.get(pk=system_id)
    if not staff.is_active:
        raise BadInputError(("", NOT_AT_WORK))
    if not system.active:
        raise BadInputError(("system", Sentence(SYSTEM_CLOSED, system=system)))
    return _open(staff, system, account_name=account_name, at=at, by_id=by_id, reason=reason)


@transaction.atomic
def close_sub_account(*, sub_account_id: int, reason: str, by_id: int, at: datetime) -> SubAccount:
    """End one account; its row stays. Raises: BadInputError, when it has ended already."""
    account = SubAccount.objects.select_for_update(of=("self",)).get(pk=sub_account_id)
    if account.state == State.CLOSED:
        raise BadInputError(("", ENDED))
    _close(account, at=at, by_id=by_id, reason=require_reason(reason))
    return account


def follow_roles(staff: Staff, *, at: datetime, by_id: int | None, reason: str) -> None:
    """Open what the person's roles bring, close what they no longer bring.

    A system that comes with no role is left alone: its accounts are opened and closed by hand.
    """
    codes = set(staff.roles.values_list("code", flat=True))
    systems = OutsideSystem.objects.exclude(role_codes=[])
    has = {account.system_id: account for account in _of(staff)}
    for system in systems:
        due = system.active and not codes.isdisjoint(system.role_codes)
        if due and system.pk not in has:
            _open(staff, system, account_name=staff.username, at=at, by_id=by_id, reason=reason)
        if not due and system.pk in has:
            _close(has[system.pk], at=at, by_id=by_id, reason=reason)


def follow_system(
    system: OutsideSystem, *, at: datetime, by_id: int | None, reason: str
) -> tuple[int, int]:
    """The same for one system and everybody; how many accounts were opened and closed.

    Locks: staff by pk, then their accounts.
    """
    if not system.role_codes:
        return 0, 0
    there = _in(system)
    due = set(
        Staff.objects.filter(is_active=True, roles__code__in=system.role_codes).values_list(
            "pk", flat=True
        )
    )
    opening, closing = sorted(due - there.keys()), sorted(there.keys() - due)
    for staff_id in opening:
        staff = lock_staff(staff_id)
        _open(staff, system, account_name=staff.username, at=at, by_id=by_id, reason=reason)
    for staff_id in closing:
        _close(there[staff_id], at=at, by_id=by_id, reason=reason)
    return len(opening), len(closing)


def close_all_in(system: OutsideSystem, *, at: datetime, by_id: int | None, reason: str) -> int:
    """The system is no longer used: every account in it ends; how many."""
    there = _in(system)
    for account in there.values():
        _close(account, at=at, by_id=by_id, reason=reason)
    return len(there)


def suspend_all(staff: Staff, *, at: datetime, by_id: int | None, reason: str) -> None:
    """The main account is disabled: so are the others."""
    for account in _of(staff, State.OPEN):
        account.suspend()
        _save(account, "suspended", at=at, by_id=by_id, reason=reason)


def resume_all(staff: Staff, *, at: datetime, by_id: int | None, reason: str) -> None:
    """The main account is there again."""
    for account in _of(staff, State.SUSPENDED):
        account.resume()
        _save(account, "resumed", at=at, by_id=by_id, reason=reason)


def close_all(staff: Staff, *, at: datetime, by_id: int | None, reason: str) -> None:
    """The main account has ended or moved: every other one ends."""
    for account in _of(staff):
        _close(account, at=at, by_id=by_id, reason=reason)


def _in(system: OutsideSystem) -> dict[int, SubAccount]:
    """The accounts in this system that have not ended, by their person."""
    found = SubAccount.objects.filter(system=system).exclude(state=State.CLOSED)
    locked = found.select_for_update(of=("self",)).select_related("system", "staff")
    return {account.staff_id: account for account in locked.order_by("pk")}


def _of(staff: Staff, *states: Collection[str]) -> Iterable[SubAccount]:
    wanted = states or (State.OPEN, State.SUSPENDED)
    found = SubAccount.objects.select_for_update(of=("self",)).filter(staff=staff, state__in=wanted)
    return list(found.select_related("system").order_by("pk"))


def _open(
    staff: Staff,
    system: OutsideSystem,
    *,
    account_name: str,
    at: datetime,
    by_id: int | None,
    reason: str,
) -> SubAccount:
    account = SubAccount(staff=staff, system=system, account_name=account_name, valid_from=at)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise BadInputError(
            ("account_name", Sentence(TAKEN, system=system, name=account_name))
        ) from error
    _announce(account, "opened", at=at, by_id=by_id, reason=reason)
    return account


def _close(account: SubAccount, *, at: datetime, by_id: int | None, reason: str) -> None:
    account.close(at=max(at, account.valid_from))
    _save(account, "closed", at=at, by_id=by_id, reason=reason)


def _save(account: SubAccount, what: str, *, at: datetime, by_id: int | None, reason: str) -> None:
    account.save()
    _announce(account, what, at=at, by_id=by_id, reason=reason)


def _announce(
    account: SubAccount, what: str, *, at: datetime, by_id: int | None, reason: str
) -> None:
    record(
        f"sub_account_{what}",
        account.staff,
        at=at,
        by_id=by_id,
        reason=reason,
        system=account.system.name,
        account=account.account_name,
    )
    announce(
        f"sub_account.{what}",
        {
            "sub_account_id": account.pk,
            "system": account.system.code,
            "account_name": account.account_name,
            "number": account.staff.username,
        },
        at=at,
    )
