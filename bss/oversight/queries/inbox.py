"""Approvals as one person meets them: waiting for me, asked by me, decided."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from bss.kernel import access, approvals
from bss.kernel.approval_kinds import kinds
from bss.kernel.models import Approval, Staff

VIEWS = ("waiting", "asked", "decided")
LOOKED_AT = 50
"""So many of the most urgent are looked at: whom a kind lets decide is its own question."""


def waiting_for(staff: Staff) -> list[Approval]:
    """What waits for this person's decision, the most urgent first."""
    codes = _decidable(staff)
    if not codes:
        return []
    asked = Approval.objects.filter(state=Approval.State.ASKED, kind__in=codes)
    others = asked.exclude(asked_by=staff).select_related("asked_by", "asked_by__organisation")
    return approvals.decidable(staff, list(others.order_by("expires_at", "id")[:LOOKED_AT]))


def rows_of(view: str, staff: Staff, *, waiting: Iterable[Approval]) -> QuerySet[Approval]:
    """The approvals of one view of the inbox, with what a row shows."""
    conditions = {
        "waiting": Q(pk__in=[approval.pk for approval in waiting]),
        "asked": Q(asked_by=staff),
        "decided": Q(decided_by=staff),
    }
    return Approval.objects.filter(conditions[view]).select_related(
        "asked_by", "asked_by__organisation", "decided_by"
    )


def seen_by(staff: Staff, approval_id: int) -> Approval:
    """One approval: the asker's own, one that this person decided, may decide or might have.

    Raises: Approval.DoesNotExist, also when it is not for this person.
    """
    found = Approval.objects.select_related("asked_by", "asked_by__organisation", "decided_by")
    approval: Approval = found.get(pk=approval_id)
    is_party = staff.pk in (approval.asked_by_id, approval.decided_by_id)
    if not is_party and not approvals.may_decide(staff, approval):
        raise Approval.DoesNotExist
    return approval


def _decidable(staff: Staff) -> list[str]:
    return [code for code, kind in kinds().items() if access.can(staff, kind.permission)]
