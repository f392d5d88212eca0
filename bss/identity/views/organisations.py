"""A1 组织机构: the tree, and one branch of it with what can be done there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.identity.queries.organisation_tree import tree_of, wanted
from bss.identity.services import organisations
from bss.identity.stepup import recently_proved
from bss.identity.views.organisation_forms import ACTS, AddForm, OrganisationFilterForm
from bss.identity.views.staff_page import signed_in
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.pages.said import said

PAGE = "identity/organisation_page.html"
ADD = "identity/organisation_add.html"

COLUMNS = (
    Column(
        name="tree",
        label=gettext_lazy("机构"),
        order_by=("branch",),
        value=lambda row: row.name,
    ),
    Column(
        name="code",
        label=gettext_lazy("编号"),
        order_by=("code",),
        value=lambda row: row.code,
    ),
    Column(
        name="level",
        label=gettext_lazy("层级"),
        value=lambda row: said(row.get_level_display()),
    ),
    Column(
        name="area",
        label=gettext_lazy("长途区号"),
        order_by=("area",),
        value=lambda row: row.area,
    ),
    Column(
        name="people",
        label=gettext_lazy("人员(含下级)"),
        order_by=("people",),
        value=lambda row: row.people,
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("active",),
        value=lambda row: _("在用") if row.active else _("已撤销"),
    ),
)


@requires("staff.view")
def organisation_tree(request: HttpRequest) -> HttpResponse:
    """The tree from the top down, or the part of the list that htmx asks for."""
    form = OrganisationFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = tree_of(request.user).filter(
        wanted(text=asked.get("q", ""), level=asked.get("level", ""), state=asked.get("state", ""))
    )
    page = ListPage(request, rows, columns=COLUMNS, sort="tree", form=form, per_page=100)
    if export := page.exported(gettext_lazy("组织机构")):
        return export
    context = {
        "list": page,
        "rows": _with_depth(page),
        "may_manage": access.can(request.user, "staff.manage"),
    }
    return render_part(request, "identity/organisation_tree.html", "list", context)


@requires("staff.manage")
@recently_proved
def organisation_add(request: HttpRequest) -> HttpResponse:
    """A new organisation under one that is there."""
    under = {"parent": request.GET.get("under")}
    form = AddForm(request.POST or None, viewer=request.user, initial=under)
    context = {"form": form, "crumbs": _crumbs(_("设立机构"))}
    if request.method != "POST":
        return render(request, ADD, context)
    if not form.is_valid():
        return render_refused(request, ADD, context)
    given = form.cleaned_data
    try:
        place = organisations.add_organisation(
            code=given["code"],
            name=given["name"],
            level=given["level"],
            parent_id=given["parent"].pk,
            area=given["area"],
            by_id=signed_in(request),
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(request, ADD, context, refused=refused)
    messages.success(request, _("已设立%(place)s。") % {"place": place})
    return redirect("identity:organisation", code=place.code)


@requires("staff.view")
def organisation_page(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: its place, its branch, and what may be done with it."""
    place = _found(request, code)
    return render(request, PAGE, _context(request, place))


@requires("staff.manage")
@recently_proved
def organisation_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Rename, move, close or open again."""
    place = _found(request, code)
    if act not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("identity:organisation", code=code)
    form = ACTS[act].form(request.POST, viewer=request.user, place=place)
    if not form.is_valid():
        return render_refused(request, PAGE, _context(request, place, typed={act: form}))
    try:
        ACTS[act].perform(
            form.cleaned_data,
            organisation_id=place.pk,
            by_id=signed_in(request),
            at=clock.now(),
        )
    except BadInputError as refused:
        context = _context(request, _found(request, code), typed={act: form})
        return render_refused(request, PAGE, context, refused=refused)
    messages.success(request, _("已办理。"))
    return redirect("identity:organisation", code=code)


def _with_depth(page: ListPage) -> list[tuple[Any, int]]:
    """Each row with how deep it stands; flat, where the list is not the whole tree in its order."""
    rows = list(page.rows)
    if page.sort != "tree" or page.is_filtered:
        return [(row, 0) for row in rows]
    depths = [row.path.count("/") for row in rows]
    top = min(depths, default=0)
    return [(row, depth - top) for row, depth in zip(rows, depths, strict=True)]


def _found(request: HttpRequest, code: str) -> Any:
    place = tree_of(request.user).filter(code=code).first()
    if place is None:
        raise Http404
    return place


def _context(
    request: HttpRequest, place: Any, *, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    typed = typed or {}
    acts = []
    if access.can(request.user, "staff.manage"):
        for name, act in ACTS.items():
            if place.active is act.when_active:
                form = typed.get(name) or act.form(
                    viewer=request.user, place=place, auto_id=f"id_{name}_%s"
                )
                url = reverse("identity:organisation_act", args=[place.code, name])
                acts.append({"act": act, "form": form, "open": name in typed, "url": url})
    above = [int(one) for one in place.path.strip("/").split("/")][:-1]
    return {
        "place": place,
        "acts": acts,
        "above": type(place).objects.filter(pk__in=above).order_by("path"),
        "below": tree_of(request.user).filter(parent=place).order_by("code"),
        "may_manage": bool(acts),
        "crumbs": _crumbs(place.name),
    }


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("组织机构"), reverse("identity:organisations")), (here, "")]
