from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bss.desk.context import THEMES

ONE_YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or the system's; the server then writes it into the page, so nothing flashes."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if (theme := request.POST.get("theme")) in THEMES:
        response.set_cookie(
            "theme",
            theme,
            max_age=ONE_YEAR_S,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
