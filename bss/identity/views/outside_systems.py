"""A1 外部系统: where sub-accounts are; registered, changed and retired by the security officer."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.identity.models import OutsideSystem
from bss.identity.services import outside_systems
from bss.identity.stepup import recently_proved
from bss.identity.views.outside_system_forms import (
    ACTS,
    RegisterForm,
    SystemFilterForm,
    initial_of,
)
from bss.identity.views.staff_forms import role_choices
from bss.identity.views.staff_page import signed_in
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused

LIST = "identity/outside_system_list.html"
ADD = "identity/outside_system_add.html"
PAGE = "identity/outside_system_page.html"

COLUMNS = (
    Column(
        name="name", label=gettext_lazy("外部系统"), order_by=("name",), value=lambda row: row.name
    ),
    Column(
        name="code", label=gettext_lazy("系统编号"), order_by=("code",), value=lambda row: row.code
    ),
    Column(
        name="roles",
        label=gettext_lazy("随角色开立"),
        value=lambda row: " ".join(row.role_codes),
    ),
    Column(
        name="open",
        label=gettext_lazy("在用从帐号"),
        order_by=("open_count",),
        value=lambda row: row.open_count,
        num=True,
    ),
    Column(
        name="suspended",
        label=gettext_lazy("暂停从帐号"),
        order_by=("suspended_count",),
        value=lambda row: row.suspended_count,
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("active",),
        value=lambda row: _("在用") if row.active else _("停用"),
    ),
)


@requires("staff.view")
def system_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = SystemFilterForm(request.GET or None)
    rows = _counted().filter(_wanted(form.cleaned_data if form.is_valid() else {}))
    page = ListPage(request, rows, columns=COLUMNS, sort="code", form=form)
    if export := page.exported(gettext_lazy("外部系统")):
        return export
    names = dict(role_choices())
    context = {
        "list": page,
        "rows": [(row, [names.get(code, code) for code in row.role_codes]) for row in page.rows],
        "may_manage": access.can(request.user, "staff.manage"),
    }
    return render_part(request, LIST, "list", context)


@requires("staff.manage")
@recently_proved
def system_add(request: HttpRequest) -> HttpResponse:
    """Register a system."""
    form = RegisterForm(request.POST or None)
    context = {"form": form, "crumbs": _crumbs(_("登记外部系统"))}
    if request.method != "POST":
        return render(request, ADD, context)
    if not form.is_valid():
        return render_refused(request, ADD, context)
    given = form.cleaned_data
    try:
        system = outside_systems.register_system(
            code=given["code"],
            name=given["name"],
            role_codes=given["roles"],
            reason=given["reason"],
            by_id=signed_in(request),
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(request, ADD, context, refused=refused)
    messages.success(request, _("已登记%(system)s。") % {"system": system})
    return redirect("identity:system", code=system.code)


@requires("staff.view")
def system_page(request: HttpRequest, code: str) -> HttpResponse:
    """One system: who gets an account in it, how many there are, and what may be done."""
    return render(request, PAGE, _context(request, _found(code)))


@requires("staff.manage")
@recently_proved
def system_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Change, retire or take up again."""
    system = _found(code)
    if act not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("identity:system", code=code)
    form = ACTS[act].form(request.POST)
    if not form.is_valid():
        return render_refused(request, PAGE, _context(request, system, typed={act: form}))
    try:
        ACTS[act].perform(
            form.cleaned_data, system_id=system.pk, by_id=signed_in(request), at=clock.now()
        )
    except BadInputError as refused:
        context = _context(request, _found(code), typed={act: form})
        return render_refused(request, PAGE, context, refused=refused)
    messages.success(request, _("已办理。"))
    return redirect("identity:system", code=code)


def _counted() -> "QuerySet[OutsideSystem]":
    return OutsideSystem.objects.annotate(
        open_count=Count("sub_accounts", filter=Q(sub_accounts__state="open")),
        suspended_count=Count("sub_accounts", filter=Q(sub_accounts__state="suspended")),
    )


def _wanted(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= Q(name__icontains=text) | Q(code__icontains=text)
    if state := asked.get("state"):
        wanted &= Q(active=state == "active")
    return wanted


def _found(code: str) -> Any:
    system = _counted().filter(code=code).first() if "\x00" not in code else None
    if system is None:
        raise Http404
    return system


def _role_names(system: OutsideSystem) -> list[str]:
    names = dict(role_choices())
    return [names.get(code, code) for code in system.role_codes]


def _context(
    request: HttpRequest, system: Any, *, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    typed = typed or {}
    acts = []
    if access.can(request.user, "staff.manage"):
        for name, act in ACTS.items():
            if system.active is act.when_active:
                blank = act.form(initial=initial_of(system), auto_id=f"id_{name}_%s")
                url = reverse("identity:system_act", args=[system.code, name])
                form = typed.get(name) or blank
                acts.append({"act": act, "form": form, "open": name in typed, "url": url})
    return {
        "system": system,
        "roles": _role_names(system),
        "acts": acts,
        "crumbs": _crumbs(system.name),
    }


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [
        (_("工号"), reverse("identity:staff")),
        (_("外部系统"), reverse("identity:systems")),
        (here, ""),
    ]
