"""单点登录: another house vouches for our staff; it never makes any."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import audit, clock
from bss.kernel.models import Staff

HOUSE = "house"
"""The one provider's id in addresses and links."""


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Whoever comes back must be active staff here, by ``preferred_username``, and always the same.

    The first time ties the other house's lasting id (``sub``) to the staff number; from then on
    both must agree.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        number = _number_of(sociallogin)
        staff = Staff.objects.filter(username=number, is_active=True).first() if number else None
        if staff is None:
            _refuse(request, number, "no such active staff")
        if sociallogin.is_existing:
            if sociallogin.user.pk != staff.pk:
                _refuse(request, number, "the id belongs to another staff number")
            return
        known = SocialAccount.objects.filter(user=staff, provider=sociallogin.account.provider)
        if known.exists():
            _refuse(request, number, "the staff number belongs to another id")
        sociallogin.connect(request, staff)

    def serialize_instance(self, instance: Model) -> dict[str, Any]:
        """While a second step is awaited, the session holds who it is, not all that is known."""
        if isinstance(instance, Staff):
            return {"id": instance.pk}
        whole: dict[str, Any] = super().serialize_instance(instance)
        return whole

    def deserialize_instance(self, model: type[Model], data: dict[str, Any]) -> Model:
        if issubclass(model, Staff):
            return Staff.objects.get(pk=data["id"]) if data.get("id") else Staff()
        whole: Model = super().deserialize_instance(model, data)
        return whole

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> NoReturn:
        """Cancelled there, expired, or not answered: back to our own sign-in."""
        messages.error(request, _("单点登录没有完成。请再试一次，或用工号和密码登录。"))
        raise ImmediateHttpResponse(redirect("login"))


def offered() -> dict[str, str] | None:
    """What the sign-in page offers: the other house's name and the address, when configured."""
    if not settings.OIDC_ISSUER:
        return None
    return {"name": settings.OIDC_NAME, "url": reverse("openid_connect_login", args=[HOUSE])}


def _number_of(sociallogin: SocialLogin) -> str:
    told = sociallogin.account.extra_data
    facts = {**told.get("id_token", {}), **told.get("userinfo", {})} or told
    return str(facts.get("preferred_username") or "")


def _refuse(request: HttpRequest, number: str, reason: str) -> NoReturn:
    audit.record(
        action="sign_in.refused",
        subject=f"sign_in:{number[:60]}",
        at=clock.real_now(),
        reason=reason,
        detail={"means": "single_sign_on", "username": number[:150]},
    )
    messages.error(request, _("单点登录的帐号在这里没有对应的在岗工号。请找安全管理员。"))
    raise ImmediateHttpResponse(redirect("login"))
