"""Where django-allauth asks the house: its sentences, its rules, its pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from bss.identity import stepup
from bss.kernel.callers import address_of
from bss.kernel.sealing import seal, unseal

WRONG = _("工号或密码不对。请检查后再试。")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by staff number; nobody registers; one lockout for every means of proof."""

    error_messages = {**DefaultAccountAdapter.error_messages, "username_password_mismatch": WRONG}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: django-axes counts failures, here and on every web process alike."""

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Every proof asked for was given: the session begins, under a new key."""
        super().login(request, user)
        stepup.remember_proof(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, WRONG)
        return redirect("login")

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str = "", **kwargs: Any
    ) -> None:
        """Only sentences of ours: the package's own templates of messages stay unused."""
        if message:
            messages.add_message(request, level, message)

    def is_safe_url(self, url: str | None) -> bool:
        """An address of this very host, nowhere else."""
        return url_has_allowed_host_and_scheme(
            url, {self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        if not user.is_authenticated:
            return []
        return [{"id": "prove", "description": _("再次核实"), "url": reverse("identity:prove")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not stepup.has_recently_proved(self.request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes and passkeys: secrets are sealed at rest, sentences are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对，或者已经用过。请等下一个验证码再试。"),
        "cannot_delete_authenticator": _(
            "您的角色必须有第二重验证，最后一种不能删除。请先添加另一种。"
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
