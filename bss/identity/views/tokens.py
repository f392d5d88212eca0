"""个人令牌: a person's own, made and taken back; and everyone's, for the security officer."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bss.identity.models import PersonalToken
from bss.identity.rules.personal_tokens import LIFETIMES_DAYS
from bss.identity.services.personal_tokens import issue_token, revoke_token
from bss.identity.stepup import recently_proved
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_place

MINE = "identity/my_tokens.html"


class TokenForm(SentenceForm):
    """What a new token is for, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("令牌用途"),
        max_length=40,
        help_text=gettext_lazy("写明哪个程序使用，便于以后辨认。"),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"),
        coerce=int,
        initial=90,
        choices=[(30, "30"), (90, "90"), (180, "180"), (365, "365")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, _("%(days)s 天") % {"days": days}) for days in LIFETIMES_DAYS
        ]


class RevokeForm(SentenceForm):
    """Why somebody else's token is taken back."""

    reason = forms.CharField(label=gettext_lazy("撤销原因"), max_length=100)


class TokenFilterForm(forms.Form):
    """What everyone's tokens are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("工号、姓名、用途")}
        ),
    )


COLUMNS = (
    Column(
        name="staff",
        label=gettext_lazy("工号"),
        order_by=("user__username",),
        value=lambda row: f"{row.user.username} {row.user}",
    ),
    Column(
        name="name", label=gettext_lazy("令牌用途"), order_by=("name",), value=lambda row: row.name
    ),
    Column(name="key", label=gettext_lazy("令牌"), value=lambda row: f"{row.token_key}…"),
    Column(
        name="created",
        label=gettext_lazy("建立时间"),
        order_by=("created",),
        value=lambda row: row.created,
    ),
    Column(
        name="expiry",
        label=gettext_lazy("到期时间"),
        order_by=("expiry",),
        value=lambda row: row.expiry,
    ),
    Column(
        name="used",
        label=gettext_lazy("上次使用"),
        order_by=("last_used_at",),
        value=lambda row: row.last_used_at,
    ),
)


@requires("api.use")
@recently_proved
def my_tokens(request: HttpRequest) -> HttpResponse:
    """My own; posting the form makes one and shows it, this once."""
    form = TokenForm(request.POST or None)
    if request.method != "POST":
        return render(request, MINE, _mine(request, form))
    if not form.is_valid():
        return render_refused(request, MINE, _mine(request, form))
    try:
        token, text = issue_token(
            staff_id=request.user.pk or 0, at=clock.now(), **form.cleaned_data
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, MINE, _mine(request, form), refused=refused)
    return render(request, MINE, {**_mine(request, TokenForm()), "made": token, "text": text})


@require_POST
@requires("api.use")
def my_token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take back one of my own."""
    token = get_object_or_404(PersonalToken, token_key=_key(key), user=request.user)
    revoke_token(digest=token.digest, at=clock.now(), by_id=request.user.pk or 0)
    messages.success(request, _("令牌“%(name)s”已撤销。") % {"name": token.name})
    return redirect("identity:my_tokens")


def _reached(request: HttpRequest) -> QuerySet[PersonalToken]:
    reached = in_place(request.user, organisation="user__organisation")
    return PersonalToken.objects.select_related("user").filter(reached)


@requires("session.end")
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens of everyone within reach, for whoever ends sessions."""
    form = TokenFilterForm(request.GET or None)
    rows = _reached(request).filter(_wanted(form))
    page = ListPage(request, rows, columns=COLUMNS, sort="-created", form=form)
    if export := page.exported(gettext_lazy("个人令牌")):
        return export
    context = {"list": page, "now": clock.real_now()}
    return render_part(request, "identity/token_list.html", "list", context)


@requires("session.end")
@recently_proved
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take back somebody's token, with the reason."""
    token = get_object_or_404(_reached(request), token_key=_key(key))
    form = RevokeForm(request.POST or None)
    crumbs = [(_("个人令牌"), reverse("identity:tokens")), (_("撤销令牌"), "")]
    context = {"token": token, "form": form, "crumbs": crumbs}
    if request.method != "POST":
        return render(request, "identity/token_revoke.html", context)
    if not form.is_valid():
        return render_refused(request, "identity/token_revoke.html", context)
    revoke_token(
        digest=token.digest,
        at=clock.now(),
        by_id=request.user.pk or 0,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, _("令牌“%(name)s”已撤销。") % {"name": token.name})
    return redirect("identity:tokens")


def _mine(request: HttpRequest, form: TokenForm) -> dict[str, Any]:
    now = clock.real_now()
    return {
        "form": form,
        "tokens": list(PersonalToken.objects.filter(user=request.user)),
        "now": now,
        "soon": _soon(now),
    }


def _soon(now: datetime) -> datetime:
    return now + timedelta(days=14)


def _wanted(form: TokenFilterForm) -> Q:
    text = (form.cleaned_data.get("q") or "").strip() if form.is_valid() else ""
    if not text:
        return Q()
    return (
        Q(user__username__icontains=text)
        | Q(user__display_name__icontains=text)
        | Q(name__icontains=text)
    )


def _key(key: str) -> str:
    if "\x00" in key:
        raise Http404
    return key
