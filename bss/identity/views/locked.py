"""Too many failures: when it opens again, and who can open it now."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bss.kernel import clock


def locked(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The same answer whether the staff number exists or not."""
    last = (
        AccessAttempt.objects.filter(
            username=(credentials or {}).get("username"),
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    opens_at = (last or clock.real_now()) + settings.AXES_COOLOFF_TIME
    answer = render(request, "identity/locked.html", {"opens_at": opens_at}, status=429)
    wait_s = (opens_at - clock.real_now()).total_seconds()
    answer.headers["Retry-After"] = str(max(1, round(wait_s)))
    return answer
