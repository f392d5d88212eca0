"""出帐 under the policy: after a rehearsal within bounds, or one that was approved (BIL-6)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from billing.queries.control_room import close_run
from billing.services import rehearsal as rehearsals
from billing.services.month_end import close_month
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import BatchRun
from bss.kernel.periods import Month

AUTO = "auto"
WAITS = "%(month)s 的试算有 %(count)s 项超出阈值，要两人确认后才能出帐；请在试算页面申请。"
ONE_PERSON = "申请人和批准人必须是两个人。"


class NotApprovedError(BadInputError):
    """The month waits for two persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPersons:
    """Who asks for the close, and who approves it."""

    maker_id: int
    checker_id: int


def close_under_policy(
    *, month: Month, at: datetime, again: bool = True, approved: TwoPersons | None = None
) -> BatchRun:
    """``close_month``, when the policy allows it; a month that nobody rehearsed is rehearsed first.

    What has begun goes on. ``approved`` overrides the bounds.
    Raises: NotApprovedError; BadInputError as ``close_month`` does.
    """
    if approved and approved.maker_id == approved.checker_id:
        raise BadInputError(("approve", ONE_PERSON))
    if not is_free(month):
        found = rehearsals.latest(month) or rehearsals.rehearse(month=month, at=at)
        if approved and not found.allows:
            found = rehearsals.approve(
                rehearsal_id=found.pk,
                asked_by_id=approved.maker_id,
                approved_by_id=approved.checker_id,
                at=at,
            )
        if not found.allows:
            raise _waits(month, len(found.beyond))
    return close_month(month=month, at=at, again=again)


def check_policy(month: Month) -> None:
    """Whether a close may be asked for now. Raises: NotApprovedError with what to do.

    A month that nobody rehearsed may: it is rehearsed first.
    """
    if is_free(month):
        return
    found = rehearsals.latest(month)
    if found is not None and not found.allows:
        raise _waits(month, len(found.beyond))


def is_free(month: Month) -> bool:
    """Whether the policy has nothing (more) to say of the month."""
    return settings.CLOSE_POLICY == AUTO or close_run(month)[0] is not None


def _waits(month: Month, count: int) -> NotApprovedError:
    return NotApprovedError(("month", Sentence(WAITS, month=str(month), count=count)))
