"""The tree of organisations: added to, renamed, moved, closed; nothing in it is deleted (S33-1)."""

import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bss.identity.duties import uses_of
from bss.identity.queries.locked import lock_organisations
from bss.identity.rules.organisation_levels import PARENTS, may_stand_under
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Organisation, Staff
from bss.kernel.outbox import announce

CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
ODD_CODE = "机构编号以大写字母开头，只含大写字母、数字和连字符，2 至 20 位。"
CODE_TAKEN = "机构编号 %(code)s 已有机构使用，请另取一个。"
NAME_TAKEN = "%(parent)s 下已有名为“%(name)s”的机构，请另取名称。"
NO_NAME = "请填写机构名称。"
WRONG_LEVEL = "%(level)s不能设在%(parent)s之下：上级须为 %(right)s。"
PARENT_CLOSED = "%(parent)s 已撤销，不能再设下级机构。"
CLOSED = "%(place)s 已撤销，请先恢复再办理。"
OPEN = "%(place)s 在用，不需要恢复。"
STILL_USED = "%(place)s 还有%(what)s %(count)s 个，请先迁出再撤销。"


@transaction.atomic
def add_organisation(
    *,
    code: str,
    name: str,
    level: str,
    parent_id: int | None,
    area: str,
    by_id: int,
    at: datetime,
) -> Organisation:
    """Found an organisation in its place in the tree.

    Source: S33-1. Raises: BadInputError.
    """
    if not CODE.fullmatch(code):
        raise BadInputError(("code", ODD_CODE))
    parent = lock_organisations([parent_id])[parent_id] if parent_id else None
    _check_place(level, parent)
    _check_name(name, parent)
    place = Organisation(
        code=code, name=name.strip(), level=level, parent=parent, area=area or _area_of(parent)
    )
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise BadInputError(("code", Sentence(CODE_TAKEN, code=code))) from error
    _record("added", place, at=at, by_id=by_id, after=_facts(place))
    return place


@transaction.atomic
def rename_organisation(
    *, organisation_id: int, name: str, by_id: int, at: datetime
) -> Organisation:
    """Give it another name; its code stays. Raises: BadInputError."""
    place = _lock_open(organisation_id)
    _check_name(name, place.parent, but=place.pk)
    before, place.name = place.name, name.strip()
    place.save(update_fields=["name"])
    _record("renamed", place, at=at, by_id=by_id, before=before, after=place.name)
    return place


@transaction.atomic
def move_organisation(
    *, organisation_id: int, parent_id: int, reason: str, by_id: int, at: datetime
) -> Organisation:
    """Put it, with all beneath it, under another parent of the right level.

    Source: S33-1. Raises: BadInputError.
    """
    rows = lock_organisations([organisation_id, parent_id])
    place, parent = rows[organisation_id], rows[parent_id]
    _require_open(place)
    _check_place(place.level, parent)
    _check_name(place.name, parent, but=place.pk)
    before, place.parent = _facts(place), parent
    place.save(update_fields=["parent"])
    _record("moved", place, at=at, by_id=by_id, reason=reason, before=before, after=_facts(place))
    return place


@transaction.atomic
def close_organisation(
    *, organisation_id: int, reason: str, by_id: int, at: datetime
) -> Organisation:
    """Close it: nobody works there any more and nothing stands under it.

    Raises: BadInputError with all that keeps it open.
    """
    place = _lock_open(organisation_id)
    keeps = [
        ("下级机构", place.children.filter(active=True).count()),
        ("人员", place.staff.exclude(state=Staff.State.LEFT).count()),
        *uses_of(place.pk),
    ]
    if faults := [
        ("", Sentence(STILL_USED, place=place, what=what, count=count))
        for what, count in keeps
        if count
    ]:
        raise BadInputError(*faults)
    place.active = False
    place.save(update_fields=["active"])
    _record("closed", place, at=at, by_id=by_id, reason=reason)
    return place


@transaction.atomic
def reopen_organisation(
    *, organisation_id: int, reason: str, by_id: int, at: datetime
) -> Organisation:
    """Open a closed one again in its old place. Raises: BadInputError."""
    place = lock_organisations([organisation_id])[organisation_id]
    if place.active:
        raise BadInputError(("", Sentence(OPEN, place=place)))
    _check_place(place.level, place.parent)
    place.active = True
    place.save(update_fields=["active"])
    _record("reopened", place, at=at, by_id=by_id, reason=reason)
    return place


def _lock_open(organisation_id: int) -> Organisation:
    place = lock_organisations([organisation_id])[organisation_id]
    _require_open(place)
    return place


def _require_open(place: Organisation) -> None:
    if not place.active:
        raise BadInputError(("", Sentence(CLOSED, place=place)))


def _check_place(level: str, parent: Organisation | None) -> None:
    if parent is not None and not parent.active:
        raise BadInputError(("parent", Sentence(PARENT_CLOSED, parent=parent)))
    if not may_stand_under(level, parent.level if parent else None):
        right = "、".join(_label(one) for one in PARENTS[level]) or "无"
        above = f"{parent}({_label(parent.level)})" if parent else "最上级"
        raise BadInputError(
            ("parent", Sentence(WRONG_LEVEL, level=_label(level), parent=above, right=right))
        )


def _check_name(name: str, parent: Organisation | None, *, but: int = 0) -> None:
    if not name.strip():
        raise BadInputError(("name", NO_NAME))
    same = Organisation.objects.filter(name=name.strip(), parent=parent, active=True)
    if parent is not None and same.exclude(pk=but).exists():
        raise BadInputError(("name", Sentence(NAME_TAKEN, parent=parent, name=name.strip())))


def _label(level: str) -> str:
    return str(Organisation.Level(level).label)


def _area_of(parent: Organisation | None) -> str:
    return parent.area if parent else ""


def _facts(place: Organisation) -> dict[str, str]:
    return {"name": place.name, "level": place.level, "parent": str(place.parent or "")}


def _record(
    what: str, place: Organisation, *, at: datetime, by_id: int, reason: str = "", **detail: Any
) -> None:
    audit.record(
        action=f"organisation.{what}",
        subject=f"organisation:{place.pk}",
        at=at,
        staff_id=by_id,
        reason=reason[:200],
        detail=detail,
    )
    announce(f"organisation.{what}", {"organisation_id": place.pk}, at=at)
