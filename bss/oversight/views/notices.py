"""Notices: read one by one or all at once, from the home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bss.kernel import clock, notices


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """One of my notices, or all of mine, need not be shown again."""
    key = request.POST.get("notice", "")
    notices.mark_read(
        staff_id=request.user.pk,  # type: ignore[arg-type]
        notice_id=int(key) if key.isascii() and key.isdigit() else None,
        at=clock.now(),
    )
    return redirect("home")
