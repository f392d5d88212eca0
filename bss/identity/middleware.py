"""Whoever has a one-time or aged password changes it before anything else (S59-1)."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from bss.identity.rules.staff_passwords import PasswordPolicy, Standing, standing_of
from bss.kernel import clock
from bss.kernel.models import Staff

STILL_OPEN: Final = {"identity:password", "logout", "login", "set_language", "theme", "healthz"}


class PasswordChangeMiddleware:
    """Stands after authentication; sees sessions only: a token does not know the password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """None: the page goes on."""
        staff: Any = request.user
        if not staff.is_authenticated:
            return None
        standing = password_standing(staff)
        if standing is Standing.GOOD:
            return None
        match = request.resolver_match
        if standing is Standing.EXPIRED:
            logout(request)
            messages.error(request, _("一次性密码已过期，请联系安全管理员重新恢复帐号。"))
            return _sent(request, reverse("login"))
        if match is not None and match.view_name in STILL_OPEN:
            return None
        return _sent(request, reverse("identity:password"))


def password_standing(staff: Staff) -> Standing:
    """How this person's password stands now, by the wall clock."""
    return standing_of(
        set_at=staff.password_dates_from,
        must_change=staff.must_change_password,
        now=clock.real_now(),
        policy=PasswordPolicy(
            max_age_days=settings.PASSWORD_MAX_AGE_DAYS,
            one_time_hours=settings.ONE_TIME_PASSWORD_HOURS,
        ),
    )


def _sent(request: HttpRequest, where: str) -> HttpResponse:
    """To that page, in the way in which the request can follow."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(where)
    if not request.accepts("text/html"):
        return JsonResponse(
            {"title": _("请先更换密码。"), "status": 403},
            status=403,
            content_type="application/problem+json",
        )
    return redirect(where)
