"""客户类别: the classes, and one of them with its thresholds. Never deleted (S84-2)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from customers.models import CustomerClass
from customers.queries.classes import classes_counted
from customers.services.classes import add_class, change_class
from customers.services.levels import change_level
from customers.views.class_forms import ClassChangeForm, ClassFilterForm, ClassForm, LevelForm

COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("编号"),
        order_by=("number",),
        value=lambda c: c.number,
        num=True,
    ),
    Column(name="name", label=gettext_lazy("名称"), order_by=("name",), value=lambda c: c.name),
    Column(name="note", label=gettext_lazy("说明"), value=lambda c: c.note),
    Column(name="level", label=gettext_lazy("评定"), order_by=("level__ladder", "level__rank")),
    Column(
        name="members",
        label=gettext_lazy("现有客户"),
        order_by=("members",),
        value=lambda c: c.members,
        num=True,
    ),
    Column(
        name="active",
        label=gettext_lazy("状态"),
        order_by=("active",),
        value=lambda c: _("启用") if c.active else _("停用"),
    ),
)


@requires("customer.classify")
def class_list(request: HttpRequest) -> HttpResponse:
    """Every class, with how many hold it now."""
    form = ClassFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = classes_counted()
    if asked.get("active"):
        rows = rows.filter(active=asked["active"] == "yes")
    if asked.get("q"):
        text = asked["q"].strip()
        rows = rows.filter(Q(name__icontains=text) | Q(note__icontains=text))
    page = ListPage(request, rows, columns=COLUMNS, sort="number", form=form)
    if export := page.exported(gettext_lazy("客户类别")):
        return export
    return render_part(request, "customers/class_list.html", "list", {"list": page})


@requires("customer.classify")
def new_class(request: HttpRequest) -> HttpResponse:
    """One more class."""
    form = ClassForm(request.POST or None)
    context = {"form": form, "crumbs": _crumbs(_("增加类别"))}
    if request.method != "POST":
        return render(request, "customers/class_new.html", context)
    if not form.is_valid():
        return render_refused(request, "customers/class_new.html", context)
    try:
        one = add_class(**form.cleaned_data, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        return render_refused(request, "customers/class_new.html", context, refused=refused)
    messages.success(request, _("类别 %(name)s 已增加。") % {"name": one.name})
    return redirect("customers:classes")


@requires("customer.classify")
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, switch it off, or set from where on it is reached."""
    one = get_object_or_404(classes_counted(), pk=pk)
    sent = request.POST if request.method == "POST" else None
    of_level = sent is not None and "level" in sent
    form = ClassChangeForm(
        None if of_level else sent,
        initial={"name": one.name, "note": one.note, "active": one.active},
    )
    level = _level_form(one, sent if of_level else None)
    context = {"one": one, "form": form, "level": level, "crumbs": _crumbs(one.name)}
    if sent is None:
        return render(request, "customers/class_page.html", context)
    used: Any = level if of_level and level else form
    if not used.is_valid():
        return render_refused(request, "customers/class_page.html", context)
    try:
        _change(request, one, used.cleaned_data)
    except BadInputError as refused:
        return render_refused(request, "customers/class_page.html", context, refused=refused)
    messages.success(request, _("类别 %(name)s 已保存。") % {"name": one.name})
    return redirect("customers:class", pk=one.pk)


def _change(request: HttpRequest, one: CustomerClass, given: dict[str, Any]) -> None:
    by_id: Any = request.user.pk
    if "monthly_yuan" not in given:
        change_class(class_id=one.pk, **given, at=clock.now(), by_id=by_id)
        return
    yuan: Decimal | None = given.pop("monthly_yuan")
    change_level(
        class_id=one.pk,
        monthly_fen=None if yuan is None else int(yuan * 100),
        **given,
        at=clock.now(),
        by_id=by_id,
    )


def _level_form(one: CustomerClass, data: Any) -> LevelForm | None:
    level = getattr(one, "level", None)
    return LevelForm(data, initial=LevelForm.initial_of(level)) if level else None


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("客户类别"), reverse("customers:classes")), (here, "")]
