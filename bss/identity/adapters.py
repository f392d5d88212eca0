"""Where django-allauth asks the house: its sentences, its rules, its pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from bss.identity import at_work, stepup
from bss.identity.access_control import refusal_of
from bss.identity.said import DONE, WRONG
from bss.identity.second_factors import FACTORS
from bss.kernel import audit, clock, data_keys
from bss.kernel.callers import address_of
from bss.kernel.pages.said import said
from bss.kernel.sealing import seal, unseal

SEALED_IN = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by staff number; nobody registers; one lockout for every means of proof."""

    error_messages = {**DefaultAccountAdapter.error_messages, "username_password_mismatch": WRONG}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: django-axes counts failures, here and on every web process alike."""

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """After the password or passkey: an open account, at a time and place for work."""
        if not user.is_active:
            return self.respond_user_inactive(request, user)
        refused = refusal_of(user, address=address_of(request), at=clock.now())
        if refused is None:
            return None
        audit.record(
            action="sign_in.out_of_bounds",
            subject=f"staff:{user.pk}",
            at=clock.real_now(),
            staff_id=user.pk,
            reason=str(refused.sentence)[:200],
        )
        messages.error(request, said(refused.sentence))
        return redirect("login")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Every proof asked for was given: the session begins, under a new key."""
        means = _means(get_authentication_records(request, user))
        super().login(request, user)
        at_work.begin(request, user, means=means)
        if means != "single_sign_on":  # the other house may not have asked for anything
            stepup.remember_proof(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, WRONG)
        return redirect("login")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only sentences of ours: the package's own templates of messages stay unused."""
        if sentence := message or DONE.get(message_template or ""):
            messages.add_message(request, level, sentence)

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

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of someone who must have one stays."""
        if not at_work.must_have_second_factor(authenticator.user):
            return True
        factors = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return authenticator.type not in FACTORS or factors.exclude(pk=authenticator.pk).exists()

    def encrypt(self, text: str) -> str:
        """Under a data key of its own, so that a rotation of keys reaches it."""
        return seal(text, key_id=data_keys.create().pk, bound_to=SEALED_IN)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, bound_to=SEALED_IN)


def _means(records: list[dict[str, Any]]) -> str:
    """How the person of these records signed in."""
    methods = {record["method"] for record in records}
    if any(record.get("passwordless") for record in records):
        return "passkey"
    if "socialaccount" in methods:
        return "single_sign_on"
    return "second_factor" if "mfa" in methods else "password"
