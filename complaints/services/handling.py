"""Seeing a case through: dispatch, reply, call back, close, reopen — each leaves its step.

``seen`` is how many steps the person had before them when they decided; when somebody else has
worked on the case since, nothing is done and they are told (no lost update). The owner never
changes: first asked stays answerable (CARE-3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django_fsm import can_proceed

from bss.kernel.errors import BadInputError
from complaints.models import Case, CaseStep
from complaints.queries.locked import lock_case, lock_cases
from complaints.rules.categories import BY_CODE
from complaints.rules.deadlines import promise_for

Action = CaseStep.Action

OVERTAKEN = "其他同事刚刚处理过这个案件，请刷新后核对轨迹再操作"
NOT_NOW = "案件现在的状态不能做这一步，请刷新后再操作"
NO_TEXT = "请填写内容，写明做了什么、客户怎么说"


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a bulk dispatch did: the codes that were sent on, and those that could not be."""

    done: tuple[str, ...]
    left: tuple[str, ...]


@transaction.atomic
def dispatch(
    *,
    case_id: int,
    handler_id: int,
    at: datetime,
    by_id: int,
    text: str = "",
    seen: int | None = None,
) -> Case:
    """Send the case to the one who will work on it; again to send it to another.

    Raises: BadInputError when its state does not allow it, or somebody was faster.
    """
    case = _lock(case_id, action=Action.DISPATCH, seen=seen)
    case.dispatch(handler_id=handler_id)
    return _record(case, action=Action.DISPATCH, at=at, by_id=by_id, text=text)


@transaction.atomic
def dispatch_many(
    *, case_ids: Sequence[int], handler_id: int, at: datetime, by_id: int | None
) -> Dispatched:
    """Send several cases to one handler; those whose state does not allow it stay as they are."""
    done: list[str] = []
    left: list[str] = []
    for case in lock_cases(case_ids):
        if not can_proceed(case.dispatch):
            left.append(case.code)
            continue
        case.dispatch(handler_id=handler_id)
        _record(case, action=Action.DISPATCH, at=at, by_id=by_id, text="")
        done.append(case.code)
    return Dispatched(done=tuple(done), left=tuple(left))


@transaction.atomic
def reply(*, case_id: int, text: str, at: datetime, by_id: int, seen: int | None = None) -> Case:
    """Record what the customer is answered. Raises: BadInputError (state, no text, too late)."""
    case = _lock(case_id, action=Action.REPLY, seen=seen, text=text)
    case.reply()
    return _record(case, action=Action.REPLY, at=at, by_id=by_id, text=text)


@transaction.atomic
def call_back(
    *, case_id: int, text: str, at: datetime, by_id: int, seen: int | None = None
) -> Case:
    """Record that the customer was asked whether the answer holds. Raises: as ``reply``."""
    case = _lock(case_id, action=Action.CALL_BACK, seen=seen, text=text)
    case.call_back()
    return _record(case, action=Action.CALL_BACK, at=at, by_id=by_id, text=text)


@transaction.atomic
def close(
    *, case_id: int, at: datetime, by_id: int, text: str = "", seen: int | None = None
) -> Case:
    """File the case: its promise is kept or broken from now on. Raises: BadInputError."""
    case = _lock(case_id, action=Action.CLOSE, seen=seen)
    case.close(at=at)
    return _record(case, action=Action.CLOSE, at=at, by_id=by_id, text=text)


@transaction.atomic
def reopen(*, case_id: int, text: str, at: datetime, by_id: int, seen: int | None = None) -> Case:
    """Take the matter up again: it is promised anew from this moment; its owner stays.

    Source: CARE-3. Raises: BadInputError when it is open already or no reason is given.
    """
    case = _lock(case_id, action=Action.REOPEN, seen=seen, text=text)
    promise = promise_for(BY_CODE[case.category], accepted_at=at)
    case.reopen(warns_at=promise.warns_at, due_at=promise.due_at)
    return _record(case, action=Action.REOPEN, at=at, by_id=by_id, text=text)


@transaction.atomic
def note(*, case_id: int, text: str, at: datetime, by_id: int) -> Case:
    """Add what the next one should know; the state stays. Raises: BadInputError without text."""
    case = lock_case(case_id)
    _require_text(text)
    CaseStep.objects.create(case=case, at=at, staff_id=by_id, action=Action.NOTE, text=text)
    return case


def _lock(case_id: int, *, action: Action, seen: int | None, text: str | None = None) -> Case:
    """The locked case, when this action may be done to it now."""
    case = lock_case(case_id)
    if seen is not None and case.steps.count() != seen:
        raise BadInputError(("", OVERTAKEN))
    if not can_proceed(getattr(case, action)):
        raise BadInputError(("", NOT_NOW))
    if text is not None:
        _require_text(text)
    return case


def _require_text(text: str) -> None:
    if not text.strip():
        raise BadInputError(("text", NO_TEXT))


def _record(case: Case, *, action: Action, at: datetime, by_id: int | None, text: str) -> Case:
    case.save()
    CaseStep.objects.create(
        case=case,
        at=at,
        staff_id=by_id,
        handler_id=case.handler_id if action is Action.DISPATCH else None,
        action=action,
        text=text,
    )
    return case
