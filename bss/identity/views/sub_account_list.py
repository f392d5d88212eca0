"""A1 从帐号: every account in an outside system, for whoever connects to or reconciles with it."""

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from bss.identity.models import OutsideSystem, SubAccount
from bss.identity.queries.staff_seen import visible_staff
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.pages.said import said

COLUMNS = (
    Column(
        name="system",
        label=gettext_lazy("外部系统"),
        order_by=("system__code",),
        value=lambda row: row.system.name,
    ),
    Column(
        name="account",
        label=gettext_lazy("从帐号"),
        order_by=("account_name",),
        value=lambda row: row.account_name,
    ),
    Column(
        name="staff",
        label=gettext_lazy("工号"),
        order_by=("staff__username",),
        value=lambda row: row.staff.username,
    ),
    Column(
        name="name",
        label=gettext_lazy("姓名"),
        order_by=("staff__display_name",),
        value=lambda row: row.staff.display_name,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda row: said(row.get_state_display()),
    ),
    Column(
        name="from",
        label=gettext_lazy("开立时间"),
        order_by=("valid_from",),
        value=lambda row: row.valid_from,
    ),
    Column(
        name="until",
        label=gettext_lazy("关闭时间"),
        order_by=("valid_until",),
        value=lambda row: row.valid_until,
    ),
)


class SubAccountFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("工号、姓名、从帐号")}
        ),
    )
    system = forms.ModelChoiceField(
        label=gettext_lazy("外部系统"),
        queryset=OutsideSystem.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("全部系统"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部状态")), *SubAccount.State.choices],
    )


@requires("staff.view")
def sub_account_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = SubAccountFilterForm(request.GET or None)
    rows = SubAccount.objects.filter(staff__in=visible_staff(request.user).values("pk"))
    rows = rows.filter(_wanted(form)).select_related("system", "staff")
    page = ListPage(request, rows, columns=COLUMNS, sort="system", form=form)
    if export := page.exported(gettext_lazy("从帐号")):
        return export
    return render_part(request, "identity/sub_account_list.html", "list", {"list": page})


def _wanted(form: SubAccountFilterForm) -> Q:
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= (
            Q(account_name__icontains=text)
            | Q(staff__username__icontains=text)
            | Q(staff__display_name__icontains=text)
        )
    if asked.get("system"):
        wanted &= Q(system=asked["system"])
    if asked.get("state"):
        wanted &= Q(state=asked["state"])
    return wanted
