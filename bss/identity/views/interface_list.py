"""接口号: the ways in for other systems, whom they belong to, and whether they are used."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from bss.identity.queries.interfaces import interfaces
from bss.identity.views.interface_forms import InterfaceFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.pages.said import said
from bss.kernel.scope import in_place

COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("接口号"),
        order_by=("number",),
        value=lambda row: f"{row.number} {row.name}",
    ),
    Column(
        name="kind",
        label=gettext_lazy("类型"),
        order_by=("kind",),
        value=lambda row: said(row.get_kind_display()),
    ),
    Column(
        name="place",
        label=gettext_lazy("所在机构"),
        order_by=("organisation__code",),
        value=lambda row: row.organisation,
    ),
    Column(
        name="responsible",
        label=gettext_lazy("负责人"),
        order_by=("responsible__username",),
        value=lambda row: row.responsible,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda row: said(row.get_state_display()),
    ),
    Column(
        name="used",
        label=gettext_lazy("上次调用"),
        order_by=("last_used_at",),
        value=lambda row: row.last_used_at,
    ),
)


@requires("interface.manage")
def interface_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = InterfaceFilterForm(request.GET or None)
    rows = (
        interfaces()
        .filter(in_place(request.user))
        .filter(_wanted(form.cleaned_data if form.is_valid() else {}))
    )
    page = ListPage(request, rows, columns=COLUMNS, sort="number", form=form)
    if export := page.exported(gettext_lazy("接口号")):
        return export
    return render_part(request, "identity/interface_list.html", "list", {"list": page})


def _wanted(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= (
            Q(number__icontains=text)
            | Q(name__icontains=text)
            | Q(responsible__username__icontains=text)
            | Q(responsible__display_name__icontains=text)
        )
    for name in ("kind", "state"):
        if asked.get(name):
            wanted &= Q(**{name: asked[name]})
    return wanted
