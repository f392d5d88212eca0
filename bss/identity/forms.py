"""Sign-in and its proofs, as django-allauth takes them and as the house says them."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from bss.identity import guesses


class SignInForm(LoginForm):
    """工号 and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number, password = self.fields["login"], self.fields["password"]
        number.label, password.label = _("工号"), _("密码")
        number.error_messages["required"] = _("请填写工号。")
        password.error_messages["required"] = _("请填写密码。")
        number.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        password.widget.attrs = {"autocomplete": "current-password"}

    def add_prefix(self, field_name: str) -> str:
        """The number travels as ``username``, which browsers and axes look for."""
        return super().add_prefix("username" if field_name == "login" else field_name)


def _ask_for_code(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = _("验证码")
    field.error_messages["required"] = _("请填写验证码。")
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}


class _CountedCode(BaseAuthenticateForm):
    """A code that counts towards the lockout when wrong and works once when right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self)

    def clean_code(self) -> str:
        with guesses.counted(context.request, self.user):
            code = super().clean_code()
            guesses.use_once(self.user, code)
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The second step of sign-in: a code of the app, or a recovery code."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):
    """A code as proof before a sensitive act."""


class EnrolAppForm(ActivateTOTPForm):
    """The first code of a new app shows that it was read in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self)

    def clean_code(self) -> str:
        code = super().clean_code()
        guesses.use_once(self.user, code)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey under a name its owner recognises."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = _("名称"), 40
        name.help_text = _("例如“工位电脑”“备用钥匙”，方便以后辨认。")
        self.initial["name"] = ""
        self.fields["passwordless"].label = _("也用它直接登录（不再输入密码）")
        self.fields["passwordless"].help_text = ""
