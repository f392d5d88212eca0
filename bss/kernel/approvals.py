"""Four eyes (金库模式): one person asks, another decides, and what was shown is what is done.

``ask`` keeps the act with what the approver will be shown; ``decide`` looks again, does it in the
same transaction, once, or says in one sentence why not. Nobody decides on their own request.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bss.kernel import access, audit
from bss.kernel.approval_kinds import (
    About,
    ApprovalKind,
    Line,
    Payload,
    digest_of,
    kinds,
    lines_of,
    reached_of,
    shown_lines,
)
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Approval, Staff
from bss.kernel.outbox import announce
from bss.kernel.rulebook import RefusedError

__all__ = [
    "About",
    "ApprovalKind",
    "Line",
    "Payload",
    "ask",
    "decidable",
    "decide",
    "expire_due",
    "lines_of",
    "may_decide",
    "withdraw",
]

NO_REASON = "请写明申请原因，让审批人知道为什么要做。"
ASKED_ALREADY = "您已经提出同样的申请，正在等待审批；请在审批页面查看。"
OWN = "不能审批自己提出的申请，请由另一位有权限的同事审批。"
NOT_YOURS = "您没有审批这类申请的权限，或不在您的范围内；请由有权限的同事审批。"
DECIDED = "这件申请%(state)s，不能再审批或撤回；请刷新页面查看结果。"
TOO_LATE = "这件申请已超过审批时限，没有执行；仍需要时请申请人重新提出。"
CHANGED = "提出申请后内容已发生变化，没有执行，申请已驳回；请申请人核对后重新提出。"
NOT_THE_ASKER = "只有申请人本人可以撤回申请。"

Failure = BadInputError | RefusedError


@transaction.atomic
def ask(
    *, kind: str, payload: dict[str, Any], asked_by_id: int, at: datetime, reason: str
) -> Approval:
    """Put an act before a second person, with exactly what they will be shown.

    Raises: BadInputError without a reason, when the same is asked already, or when the payload
    speaks of what is not there.
    """
    found = kinds()[kind]
    if not reason.strip():
        raise BadInputError(("reason", NO_REASON))
    shown = shown_lines(found, payload)
    try:
        with transaction.atomic():
            approval: Approval = Approval.objects.create(
                kind=kind,
                payload=payload,
                shown=shown,
                digest=digest_of(kind, payload, shown),
                reason=reason.strip()[:200],
                asked_by_id=asked_by_id,
                asked_at=at,
                expires_at=at + found.valid_for,
            )
    except IntegrityError as error:
        if "the_same_is_asked_once" not in str(error):
            raise
        raise BadInputError(("", ASKED_ALREADY)) from error
    _record("approval.ask", approval, at=at, staff_id=asked_by_id, detail={"shown": shown})
    return approval


def decide(
    *, approval_id: int, decided_by_id: int, approve: bool, at: datetime, note: str = ""
) -> Approval:
    """Approve and do it, or refuse. The first decision counts; who comes second is told.

    What cannot be done now stays asked, with the reason beside it. What is no longer what was
    asked, is refused; what is too late, has expired: both are kept although this raises.

    Raises: BadInputError or RefusedError, when it was not done; Approval.DoesNotExist.
    Locks: the approval, then what its kind locks.
    """
    with transaction.atomic():
        approval = _lock(approval_id)
        staff = Staff.objects.get(pk=decided_by_id)
        _check_person(approval, staff)
        approval.note = note.strip()[:200]
        said_no = _late(approval, at=at)
        if said_no is None and approve:
            said_no = _perform(approval, by_id=decided_by_id, at=at)
        elif said_no is None:
            approval.refuse(by_id=decided_by_id, at=at)
            _settle(approval, "approval.refuse", at=at, staff_id=decided_by_id)
    if said_no is not None:
        raise said_no
    return approval


@transaction.atomic
def withdraw(*, approval_id: int, by_id: int, at: datetime) -> Approval:
    """Take one's own request back. Raises: BadInputError; Approval.DoesNotExist."""
    approval = _lock(approval_id)
    if approval.asked_by_id != by_id:
        raise BadInputError(("", NOT_THE_ASKER))
    approval.withdraw(at=at)
    _settle(approval, "approval.withdraw", at=at, staff_id=by_id)
    return approval


def expire_due(*, at: datetime) -> int:
    """End what nobody decided in time; how many. Each in its own transaction."""
    due = Approval.objects.filter(state=Approval.State.ASKED, expires_at__lte=at)
    return sum(_expire(key, at=at) for key in list(due.order_by("pk").values_list("pk", flat=True)))


def may_decide(staff: Staff, approval: Approval) -> bool:
    """Whether this person is the second one: not the asker, permitted, and reaching it."""
    return decidable(staff, [approval]) == [approval]


def decidable(staff: Staff, asked: Sequence[Approval]) -> list[Approval]:
    """Those of the approvals that this person may decide, in their order."""
    table = kinds()
    permitted = [
        approval
        for approval in asked
        if approval.kind in table
        and approval.asked_by_id != staff.pk
        and staff.is_active
        and access.can(staff, table[approval.kind].permission)
    ]
    return reached_of(staff, permitted)


def _lock(approval_id: int) -> Approval:
    waiting = Approval.objects.select_for_update(of=("self",))
    approval: Approval = waiting.get(pk=approval_id)
    if approval.state != Approval.State.ASKED:
        state = Approval.State(approval.state).label
        raise BadInputError(("", Sentence(DECIDED, state=state)))
    return approval


def _check_person(approval: Approval, staff: Staff) -> None:
    if approval.asked_by_id == staff.pk:
        raise BadInputError(("", OWN))
    if not may_decide(staff, approval):
        raise BadInputError(("", NOT_YOURS))


def _late(approval: Approval, *, at: datetime) -> Failure | None:
    if at < approval.expires_at:
        return None
    approval.expire(at=at)
    _settle(approval, "approval.expire", at=at, staff_id=None)
    return BadInputError(("", TOO_LATE))


def _perform(approval: Approval, *, by_id: int, at: datetime) -> Failure | None:
    """Look again, and do it when it still is what was asked."""
    kind = kinds()[approval.kind]
    try:
        with transaction.atomic():
            if kind.lock is not None:
                kind.lock(approval.payload)
            if not _is_as_asked(kind, approval):
                changed = BadInputError(("", CHANGED))
            else:
                changed = None
                approval.approve(by_id=by_id, at=at)
                approval.result = kind.perform(approval, at=at)
    except (BadInputError, RefusedError) as failure:
        _keep_asked(approval.pk, failure, at=at, staff_id=by_id)
        return failure
    if changed is not None:
        approval.refuse(by_id=by_id, at=at)
        approval.problem = CHANGED
        _settle(approval, "approval.refuse", at=at, staff_id=by_id)
        return changed
    approval.problem = ""
    _settle(approval, "approval.approve", at=at, staff_id=by_id)
    return None


def _is_as_asked(kind: ApprovalKind, approval: Approval) -> bool:
    try:
        shown = shown_lines(kind, approval.payload)
    except BadInputError:
        return False
    same = digest_of(approval.kind, approval.payload, shown) == approval.digest
    return same and shown == approval.shown


def _keep_asked(approval_id: int, failure: Failure, *, at: datetime, staff_id: int) -> None:
    """It was not done: the request waits on, and says why."""
    approval = Approval.objects.get(pk=approval_id)
    approval.problem = str(failure)[:400]
    approval.save(update_fields=["problem"])
    _record(
        "approval.fail",
        approval,
        at=at,
        staff_id=staff_id,
        detail={"problem": approval.problem},
    )


@transaction.atomic
def _expire(approval_id: int, *, at: datetime) -> bool:
    waiting = Approval.objects.select_for_update(of=("self",), skip_locked=True)
    approval = waiting.filter(pk=approval_id, state=Approval.State.ASKED).first()
    if approval is None:
        return False
    approval.expire(at=at)
    _settle(approval, "approval.expire", at=at, staff_id=None)
    return True


def _settle(approval: Approval, action: str, *, at: datetime, staff_id: int | None) -> None:
    approval.save()
    _record(
        action,
        approval,
        at=at,
        staff_id=staff_id,
        detail={"digest": approval.digest, "note": approval.note, "problem": approval.problem},
    )
    announce("approval.settled", {"approval_id": approval.pk}, at=at)


def _record(
    action: str,
    approval: Approval,
    *,
    at: datetime,
    staff_id: int | None,
    detail: dict[str, Any],
) -> None:
    audit.record(
        action=action,
        subject=f"approval:{approval.pk}",
        staff_id=staff_id,
        at=at,
        reason=approval.reason,
        detail={"kind": approval.kind, **detail},
    )
