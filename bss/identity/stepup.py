"""Step-up: before a sensitive act a person proves once more who they are."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from bss.kernel import clock

View = Callable[..., HttpResponse]
PROVED = "proved"


def recently_proved(view: View) -> View:
    """Guard a view: its caller gave a password, code or passkey within ``STEP_UP_MINUTES``.

    Who did not is asked, and comes back to the page they were on. What was typed is not sent a
    second time: a guarded form should ask on its GET, and ``data-draft`` keeps it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_recently_proved(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    guarded.asks_for_proof = True  # type: ignore[attr-defined]
    return guarded


def has_recently_proved(request: HttpRequest) -> bool:
    """Whether this session's person proved themselves within ``STEP_UP_MINUTES``."""
    proof = request.session.get(PROVED)
    if not request.user.is_authenticated or not isinstance(proof, dict):
        return False
    age_s = clock.real_now().timestamp() - proof["at"]
    fresh = 0 <= age_s < timedelta(minutes=settings.STEP_UP_MINUTES).total_seconds()
    return bool(fresh and proof["staff"] == request.user.pk)


def remember_proof(request: HttpRequest) -> None:
    """The signed-in person has just proved who they are."""
    request.session[PROVED] = proof_of(request.user.pk)


def proof_of(staff_id: int | None) -> dict[str, Any]:
    return {"staff": staff_id, "at": clock.real_now().timestamp()}


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and from there back."""
    where = f"{reverse('identity:prove')}?{urlencode({'next': _back(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(where)
    return HttpResponseRedirect(where)


def _back(request: HttpRequest) -> str:
    """The page the person sees: this one, or the one whose form or part was sent."""
    if getattr(request, "htmx", False):
        seen = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
        return seen or reverse("home")
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl()
    return reverse("home")
