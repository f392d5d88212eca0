"""Reasons 办理原因 for money moved by hand: added, retired, brought back."""

from datetime import datetime

from django.db import transaction

from billing.models import Reason
from bss.kernel import audit
from bss.kernel.errors import BadInputError


@transaction.atomic
def add_reason(*, purpose: str, words: str, at: datetime, by_id: int) -> Reason:
    """Raises: BadInputError when the purpose has these words already."""
    wanted = words.strip()[:40]
    if not wanted or Reason.objects.filter(purpose=purpose, words=wanted).exists():
        raise BadInputError(("words", "原因为空，或已有同样的原因。"))
    number = Reason.objects.filter(purpose=purpose).count() + 1
    reason = Reason.objects.create(purpose=purpose, code=f"own-{number}", words=wanted)
    _record("reason.add", reason, at=at, by_id=by_id)
    return reason


@transaction.atomic
def set_active(*, reason_id: int, active: bool, at: datetime, by_id: int) -> Reason:
    """Take a reason out of use, or back into it; what was done for it stays."""
    reason = Reason.objects.select_for_update().get(pk=reason_id)
    if reason.active != active:
        reason.active = active
        reason.save(update_fields=["active"])
        _record("reason.begin" if active else "reason.closed", reason, at=at, by_id=by_id)
    return reason


def own_reason(*, purpose: str, code: str, words: str) -> Reason:
    """One that the program gives by itself; a new one is not offered to people."""
    reason, _ = Reason.objects.get_or_create(
        purpose=purpose, code=code, defaults={"words": words, "active": False}
    )
    return reason


def _record(action: str, reason: Reason, *, at: datetime, by_id: int) -> None:
    audit.record(
        action=action,
        subject=f"reason:{reason.pk}",
        staff_id=by_id,
        at=at,
        detail={"purpose": reason.purpose, "words": reason.words},
    )
