"""What every act with money by hand has: a key with its body, a reason, a limit, a second person.

Source: PAY-1, BIL-7.
"""

from typing import Any, TypeVar

from django.db import models

from billing.models import Reason
from billing.queries.limits import limit_for
from billing.services.invoice_writing import digest_of
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

__all__ = ["check_note", "digest_of", "done_before", "hold_to_limit", "needs_second", "reason_for"]

Row = TypeVar("Row", bound=models.Model)


def done_before(rows: type[Row], *, key: str, digest: str) -> Row | None:
    """What this key did already. Raises: RefusedError (PAY-1: it came with another body)."""
    found: Any = rows._default_manager.filter(key=key).first()
    if found is not None and found.digest != digest:
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔办理，请核对", key=key)
    return found  # type: ignore[no-any-return]


def reason_for(purpose: Reason.Purpose, reason_id: int) -> Reason:
    """Raises: BadInputError when the reason is not one of this purpose, or no longer in use."""
    reason = Reason.objects.filter(purpose=purpose, pk=reason_id, active=True).first()
    if reason is None:
        raise BadInputError(("reason", "没有这个原因，或已停用；请重新选择。"))
    return reason


def check_note(note: str) -> str:
    """What was said beside the reason, as it is kept."""
    return note.strip()[:200]


def needs_second(act: str, *, rule: str, by_id: int | None, amount_fen: int) -> bool:
    """Whether this person needs a second one for this much.

    Raises: RefusedError under ``rule`` when they may not even ask for it.
    """
    limit = limit_for(act, by_id)
    if limit.ask_fen is not None and amount_fen > limit.ask_fen:
        raise refuse(
            rule,
            "%(amount)s 元超过您的岗位可以申请的 %(limit)s 元，请由主管经办",
            amount=yuan(amount_fen),
            limit=yuan(limit.ask_fen),
        )
    return amount_fen > limit.alone_fen


def hold_to_limit(
    act: str, *, rule: str, by_id: int | None, amount_fen: int, approval: Approval | None
) -> None:
    """Let nobody do alone what takes two. Raises: RefusedError under ``rule``."""
    if approval is None and needs_second(act, rule=rule, by_id=by_id, amount_fen=amount_fen):
        raise refuse(rule, "%(amount)s 元须由另一位同事审批", amount=yuan(amount_fen))
