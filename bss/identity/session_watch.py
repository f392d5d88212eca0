"""Every request: is its session still running, may its person act here and now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from bss.identity import at_work
from bss.identity.access_control import refusal_of
from bss.identity.endings import sentence_of
from bss.identity.models import WorkSession
from bss.identity.second_factors import factors_of
from bss.identity.services import work_sessions
from bss.identity.signed_in import staff_of
from bss.kernel import clock
from bss.kernel.callers import address_of
from bss.kernel.pages.said import said

READING = {"GET", "HEAD", "OPTIONS"}
# What someone may send who may not work: leaving, and words and light of the page itself.
ALWAYS = {"logout", "set_language", "theme", "login", "account_login"}
# Where someone is let in who still needs a second factor.
ENROLLING = ALWAYS | {
    "healthz", "password", "prove", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip


class SessionWatch:
    """Ends what is over and says why; stands after messages and htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return self._of_staff(request)
        return self._to_login(request, self.get_response(request))

    def _of_staff(self, request: HttpRequest) -> HttpResponse:
        now = clock.real_now()
        facts = request.session.get(at_work.AT_WORK)
        if facts is None:
            logout(request)  # a session that no sign-in began
            return self.get_response(request)
        if why := at_work.over_because(facts, at=now):
            return self._over(request, facts["id"], why, at=now)
        at_work.see(request, facts, at=now)
        key = request.session.session_key
        response = self.get_response(request)
        fresh = request.session.session_key
        if fresh and fresh != key and request.session.get(at_work.AT_WORK):
            work_sessions.rekey(session_id=facts["id"], session_key=fresh)
        return response

    def _over(
        self, request: HttpRequest, session_id: int, why: str, *, at: datetime
    ) -> HttpResponse:
        work_sessions.end([session_id], why=why, at=at)
        logout(request)
        return self._to_login(request, self.get_response(request), why=why)

    def _to_login(
        self, request: HttpRequest, response: HttpResponse, *, why: str = ""
    ) -> HttpResponse:
        """An answer that leads to the sign-in says why; a part of a page leads the whole page."""
        location = response.headers.get("Location", "")
        if response.status_code != 302 or not location.startswith(reverse(settings.LOGIN_URL)):
            return response
        if sentence := _why(request, why):
            messages.warning(request, sentence)
        if getattr(request, "htmx", False):
            seen = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
            query = urlencode({"next": seen})
            return HttpResponseClientRedirect(f"{reverse(settings.LOGIN_URL)}?{query}")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not request.user.is_authenticated or at_work.AT_WORK not in request.session:
            return None
        if name not in ENROLLING and _must_enrol(request):
            return redirect("mfa_index")
        if name not in ALWAYS and (refused := _refused(request)):
            context = {"code": 403, "title": _("现在不能办理"), "sentence": refused}
            return render(request, "errors/error.html", context, status=403)
        return None


def _why(request: HttpRequest, why: str) -> str:
    if why:
        return sentence_of(why)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    ended = WorkSession.objects.filter(session_key=key, ended_at__isnull=False).first()
    return sentence_of(ended.ended_why, ended=ended) if ended else ""


def _must_enrol(request: HttpRequest) -> bool:
    """Asked of the database only while the session says that a factor is missing."""
    if not request.session.get(at_work.MUST_ENROL):
        return False
    if factors_of([staff_of(request).pk]):
        del request.session[at_work.MUST_ENROL]
        return False
    return True


def _refused(request: HttpRequest) -> str:
    """Acts are for the hours and places of one's organisation; reading only for its places."""
    address = address_of(request)
    moved = address != request.session[at_work.AT_WORK]["address"]
    if request.method in READING and not moved:
        return ""
    refusal = refusal_of(staff_of(request), address=address, at=clock.now())
    if refusal is None or (request.method in READING and refusal.is_about_time):
        return ""
    return said(refusal.sentence)
