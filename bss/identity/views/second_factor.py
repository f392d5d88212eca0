"""第二重验证: the authenticator app, passkeys and recovery codes, by django-allauth's flows."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bss.identity import at_work
from bss.identity.queries.work_sessions import running_of
from bss.kernel import audit, clock


def second_factors(request: HttpRequest) -> HttpResponse:
    """登录与安全: how this person signs in, and where they are signed in."""
    found = Authenticator.objects.filter(user=request.user).order_by("created_at")
    kinds = {one.type: one for one in found}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "app": kinds.get(Authenticator.Type.TOTP),
        "passkeys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "required": at_work.must_have_second_factor(request.user),
        "missing": bool(request.session.get(at_work.MUST_ENROL)),
        "sessions": running_of(request.user, at=clock.real_now()),
        "here": request.session.get(at_work.AT_WORK, {}).get("id"),
    }
    return render(request, "mfa/index.html", context)


class _Refusing:
    """A form that is not right comes back with 422, as everywhere in the house."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


def _note(request: HttpRequest, action: str, kind: str) -> None:
    audit.record(
        action=action,
        subject=f"staff:{request.user.pk}",
        at=clock.real_now(),
        staff_id=request.user.pk,
        detail={"kind": kind},
    )


class Authenticate(_Refusing, base.AuthenticateView):
    """The second step of sign-in."""


class ActivateApp(_Refusing, totp.ActivateTOTPView):
    """Read the square in with an app; the first code shows that it worked."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second_factor.enrolled", "totp")
        return response


class RemoveApp(_Refusing, totp.DeactivateTOTPView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second_factor.removed", "totp")
        return response


class AddPasskey(_Refusing, webauthn.AddWebAuthnView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second_factor.enrolled", "passkey")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", self.get_form())
        return context


class RemovePasskey(webauthn.RemoveWebAuthnView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second_factor.removed", "passkey")
        return response


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    """Shown once, to be written down."""


class NewRecoveryCodes(_Refusing, recovery.GenerateRecoveryCodesView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, "second_factor.enrolled", "recovery_codes")
        return response


class PasskeySignIn(webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone: it is something one has, opened by what one is or knows."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if not form.cleaned_data["credential"].user.is_active:
            return self.form_invalid(form)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponseRedirect:
        messages.error(self.request, _("没有认出这把通行密钥。请用工号和密码登录，或换一把再试。"))
        return redirect("login")
