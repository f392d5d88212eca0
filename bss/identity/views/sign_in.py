"""登录 and 退出."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bss.identity.at_work import AT_WORK
from bss.identity.services import work_sessions
from bss.identity.single_sign_on import offered
from bss.kernel import clock


class SignIn(LoginView):
    """登录: staff number and password; what else is asked follows in stages."""

    template_name = "registration/login.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        back = context["redirect_field_value"] or ""
        return {**context, "next": back, "single_sign_on": offered()}


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, also one that waits for its second step."""
    if facts := request.session.get(AT_WORK):
        work_sessions.end([facts["id"]], why="signed_out", at=clock.real_now())
    logout(request)
    return redirect("login")
