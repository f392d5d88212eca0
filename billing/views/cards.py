"""What 今日 says of the cash desk."""

from typing import Any

from django.http import HttpRequest

from billing.models import Shift
from billing.queries.till import open_shift_of
from bss.kernel import access
from bss.kernel.scope import in_place


def my_drawer(request: HttpRequest) -> dict[str, Any] | None:
    """One's own shift, and the counts that wait for one's yes; nothing when there is neither."""
    shift = open_shift_of(request.user.pk)
    waiting = _to_confirm(request) if access.can(request.user, "till.confirm") else 0
    if shift is None and not waiting and not access.can(request.user, "payment.take"):
        return None
    return {"shift": shift, "waiting": waiting}


def _to_confirm(request: HttpRequest) -> int:
    reached = in_place(
        request.user, organisation="channel__organisation", permission="till.confirm"
    )
    counted = Shift.objects.filter(reached, state=Shift.State.COUNTED)
    return counted.exclude(cashier=request.user.pk).count()
