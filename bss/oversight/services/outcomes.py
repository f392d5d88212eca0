"""Telling the asker what became of their request."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from bss.kernel.approval_kinds import kinds
from bss.kernel.errors import Sentence
from bss.kernel.models import Approval
from bss.kernel.notices import notify

OUTCOMES = {
    Approval.State.APPROVED: "您申请的“%(title)s”已批准并执行。",
    Approval.State.REFUSED: "您申请的“%(title)s”被驳回，请看审批意见。",
    Approval.State.EXPIRED: "您申请的“%(title)s”无人审批，已过期；仍需要时请重新提出。",
}


def tell_the_asker(*, at: datetime, approval_id: int, **_: Any) -> None:
    """A notice for whoever asked; who withdrew it knows already."""
    approval = Approval.objects.get(pk=approval_id)
    words = OUTCOMES.get(Approval.State(approval.state))
    if words is None:
        return
    kind = kinds().get(approval.kind)
    title = kind.title if kind else approval.kind
    notify(
        staff_id=approval.asked_by_id,
        text=Sentence(words, title=title),
        url=reverse("oversight:approval", args=[approval.pk]),
        at=at,
    )
