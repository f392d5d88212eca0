"""更换密码: one's own; for a one-time or aged password the only page there is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bss.identity.middleware import password_standing
from bss.identity.rules.staff_passwords import Standing
from bss.identity.services.passwords import change_own_password
from bss.identity.views.staff_page import signed_in
from bss.kernel import clock
from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.render import render_refused

TEMPLATE = "identity/staff_change_password.html"
LONGEST = 128


def _password(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class ChangePasswordForm(SentenceForm):
    """The password of now, and the new one twice."""

    current = _password(gettext_lazy("现用密码"), "current-password")
    new = _password(gettext_lazy("新密码"), "new-password")
    again = _password(gettext_lazy("再输一次新密码"), "new-password")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(gettext_lazy("两次输入的新密码不一样，请重新输入。"))
        return again


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """The form for everybody who is signed in; other sessions end, this one goes on."""
    form = ChangePasswordForm(request.POST or None)
    standing = password_standing(request.user)  # type: ignore[arg-type]
    context = {
        "form": form,
        "forced": standing is not Standing.GOOD,
        "aged": standing is Standing.AGED,
        "policy": password_validators_help_texts(),
        "crumbs": [(_("今日"), "/"), (_("更换密码"), "")],
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        staff = change_own_password(
            staff_id=signed_in(request),
            current=form.cleaned_data["current"],
            new=form.cleaned_data["new"],
            at=clock.now(),
        )
    except BadInputError as refused:
        for place, fault in refused.faults:
            form.add_error(place, _(fault))
        return render_refused(request, TEMPLATE, context)
    update_session_auth_hash(request, staff)
    messages.success(request, _("密码已更换，其他设备上的登录已退出。"))
    return redirect("home")
