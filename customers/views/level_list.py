"""等级评定: what the nightly grading proposes, and what became of earlier proposals."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.models import LevelChange
from customers.queries.search import search_customers
from customers.queries.shown_names import shown_name
from customers.services.grading import decide_level
from customers.views.class_forms import DecideLevelForm, LevelFilterForm

COLUMNS = (
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("customer__name",),
        value=lambda c: f"{shown_name(c.customer)} {c.customer.code}",
    ),
    Column(
        name="before",
        label=gettext_lazy("现等级"),
        order_by=("before__number",),
        value=lambda c: c.before,
    ),
    Column(
        name="after",
        label=gettext_lazy("建议等级"),
        order_by=("after__number",),
        value=lambda c: c.after,
    ),
    Column(
        name="monthly",
        label=gettext_lazy("月均帐单(元)"),
        order_by=("monthly_fen",),
        value=lambda c: yuan(c.monthly_fen),
        num=True,
    ),
    Column(
        name="phones",
        label=gettext_lazy("在用话机"),
        order_by=("phones",),
        value=lambda c: c.phones,
        num=True,
    ),
    Column(
        name="proposed",
        label=gettext_lazy("评定时间"),
        order_by=("proposed_at",),
        value=lambda c: c.proposed_at,
    ),
    Column(name="state", label=gettext_lazy("状态"), order_by=("state",)),
)


@requires("customer.classify")
def level_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    page = _page(request)
    if export := page.exported(gettext_lazy("等级评定")):
        return export
    return render_part(request, "customers/level_list.html", "list", _context(page))


@require_POST
@requires("customer.classify")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal over, or not."""
    change = get_object_or_404(_seen_by(request.user), pk=pk)
    form = DecideLevelForm(request.POST)
    context = _context(_page(request)) | {"refused_pk": change.pk, "deciding": form}
    if not form.is_valid():
        return render_refused(request, "customers/level_list.html", context)
    try:
        decide_level(
            change_id=change.pk,
            take=form.cleaned_data["take"] == "yes",
            note=form.cleaned_data["note"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "customers/level_list.html", context, refused=refused)
    messages.success(request, _("已评定。"))
    return redirect("customers:levels")


def _page(request: HttpRequest) -> ListPage:
    form = LevelFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _seen_by(request.user)
    state = asked.get("state") or LevelChange.State.OPEN
    if state != "all":
        rows = rows.filter(state=state)
    if asked.get("ladder"):
        rows = rows.filter(ladder=asked["ladder"])
    if asked.get("q"):
        hits = search_customers(asked["q"], limit=1000)
        rows = rows.filter(customer__in=[hit.customer.pk for hit in hits])
    return ListPage(request, rows, columns=COLUMNS, sort="-monthly", form=form)


def _context(page: ListPage) -> dict[str, Any]:
    rows = [(change, shown_name(change.customer)) for change in page.rows]
    return {"list": page, "rows": rows}


def _seen_by(staff: Any) -> QuerySet[LevelChange]:
    found = LevelChange.objects.filter(in_scope(staff, customer="customer__"))
    return found.select_related("customer", "before", "after", "decided_by")
