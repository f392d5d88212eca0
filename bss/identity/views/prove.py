"""再次核实: before a sensitive act, by password, code or passkey."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bss.identity import guesses, stepup
from bss.identity.forms import CodeAgainForm
from bss.identity.said import WRONG

TYPED = {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}


class PasswordAgainForm(forms.Form):
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError(WRONG)
        return str(password)


@sensitive_post_parameters("password", "code", "credential")
@never_cache
def prove(request: HttpRequest) -> HttpResponse:
    """Ask once more; the right answer leads back to where one was."""
    means = _means_of(request.user)
    asked = _forms(request, means)
    back = _back(request)
    if request.method == "POST":
        form = next((form for form in asked.values() if form is not None and form.is_bound), None)
        if form is not None and form.is_valid():
            stepup.remember_proof(request)
            guesses.forgive(request, request.user)
            return HttpResponseRedirect(back)
    context = {**asked, "next": back, "minutes": settings.STEP_UP_MINUTES}
    if asked["passkey_form"] is not None:
        context["passkey_options"] = {"request_options": begin_authentication(request.user)}
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/prove.html", context, status=status)


def _means_of(staff: Any) -> set[str]:
    return set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))


def _forms(request: HttpRequest, means: set[str]) -> dict[str, Any]:
    """One form for each means this person has; the one that was sent is bound."""

    def form(kind: Any, field: str) -> Any:
        data = request.POST if request.method == "POST" and field in request.POST else None
        return kind(data, user=request.user)

    return {
        "password_form": form(PasswordAgainForm, "password"),
        "code_form": form(CodeAgainForm, "code") if means & TYPED else None,
        "passkey_form": (
            form(ReauthenticateWebAuthnForm, "credential")
            if Authenticator.Type.WEBAUTHN in means
            else None
        ),
    }


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if get_adapter().is_safe_url(asked) else reverse("home")
