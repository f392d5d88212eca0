"""What the home page says about approvals and notices."""

from typing import Any

from django.http import HttpRequest

from bss.kernel.models import Notice
from bss.oversight.queries.inbox import waiting_for
from bss.oversight.views.approval_list import title_of

SHOWN = 6


def approvals_waiting(request: HttpRequest) -> dict[str, Any] | None:
    """What waits for my decision, the most urgent first; nothing when there is none."""
    staff: Any = request.user
    waiting = waiting_for(staff)
    if not waiting:
        return None
    return {
        "approvals": [(approval, title_of(approval)) for approval in waiting[:SHOWN]],
        "count": len(waiting),
    }


def my_notices(request: HttpRequest) -> dict[str, Any] | None:
    """What I have not read yet, the newest first."""
    unread = Notice.objects.filter(staff=request.user.pk, read_at__isnull=True)
    found = list(unread.order_by("-id")[: SHOWN + 1])
    if not found:
        return None
    return {"notices": found[:SHOWN], "more": len(found) > SHOWN}
