"""Looking into a security case: take it or give it, note, and say what it was."""

from datetime import datetime

from django.db import transaction
from django_fsm import can_proceed

from bss.kernel import access, audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.oversight.models import SecurityCase, SecurityStep

Action = SecurityStep.Action

NOT_NOW = "案件现在的状态不能做这一步，请刷新后再操作。"
NO_TEXT = "请写明查到了什么、依据是什么。"
OWN = "案件涉及您本人，请由另一位同事核查。"
NOT_A_HANDLER = "这位同事没有处理安全案件的权限，请另选一位。"


@transaction.atomic
def review(
    *, case_id: int, assignee_id: int, at: datetime, by_id: int, text: str = ""
) -> SecurityCase:
    """Give the case to somebody who looks into it. Raises: BadInputError."""
    case = _lock(case_id, by_id=by_id)
    assignee = Staff.objects.get(pk=assignee_id)
    if assignee.pk == case.staff_id:
        raise BadInputError(("assignee", OWN))
    if not access.can(assignee, "security_case.handle"):
        raise BadInputError(("assignee", NOT_A_HANDLER))
    if not can_proceed(case.review):
        raise BadInputError(("", NOT_NOW))
    case.review(assignee_id=assignee.pk)
    return _record(case, Action.REVIEW, text=text, at=at, by_id=by_id)


@transaction.atomic
def note(*, case_id: int, text: str, at: datetime, by_id: int) -> SecurityCase:
    """Add what was found; the state stays. Raises: BadInputError without text."""
    case = _lock(case_id, by_id=by_id)
    _require(text)
    return _record(case, Action.NOTE, text=text, at=at, by_id=by_id)


@transaction.atomic
def confirm(*, case_id: int, text: str, at: datetime, by_id: int) -> SecurityCase:
    """It was a breach. Raises: BadInputError (state, no text)."""
    return _conclude(case_id, Action.CONFIRM, text=text, at=at, by_id=by_id)


@transaction.atomic
def dismiss(*, case_id: int, text: str, at: datetime, by_id: int) -> SecurityCase:
    """There was a good reason. Raises: BadInputError (state, no text)."""
    return _conclude(case_id, Action.DISMISS, text=text, at=at, by_id=by_id)


def _conclude(case_id: int, action: Action, *, text: str, at: datetime, by_id: int) -> SecurityCase:
    case = _lock(case_id, by_id=by_id)
    _require(text)
    move = getattr(case, action.value)
    if not can_proceed(move):
        raise BadInputError(("", NOT_NOW))
    move(at=at)
    return _record(case, action, text=text, at=at, by_id=by_id)


def _lock(case_id: int, *, by_id: int) -> SecurityCase:
    case = SecurityCase.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.staff_id == by_id:
        raise BadInputError(("", OWN))
    return case


def _require(text: str) -> None:
    if not text.strip():
        raise BadInputError(("text", NO_TEXT))


def _record(
    case: SecurityCase, action: Action, *, text: str, at: datetime, by_id: int
) -> SecurityCase:
    case.save()
    SecurityStep.objects.create(
        case=case, action=action, text=text.strip()[:400], staff_id=by_id, at=at
    )
    audit.record(
        action=f"security_case.{action.value}",
        subject=f"security_case:{case.pk}",
        staff_id=by_id,
        at=at,
        reason=text.strip()[:200],
        detail={"state": case.state, "assignee": case.assignee_id},
    )
    return case
