"""资料补全: customers of mine whose record is incomplete, the most valuable first (S40-5)."""

from typing import Any

from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan
from customers.forms import KINDS
from customers.models import Customer
from customers.queries.completeness import incomplete, missing_of, with_completeness
from customers.queries.selection import filtered
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="name", label=gettext_lazy("客户"), order_by=("name",), value=lambda c: shown_name(c)
    ),
    Column(name="code", label=gettext_lazy("客户编号"), order_by=("code",), value=lambda c: c.code),
    Column(
        name="value",
        label=gettext_lazy("月均帐单(元)"),
        order_by=("monthly_fen",),
        value=lambda c: yuan(c.monthly_fen),
        num=True,
    ),
    Column(
        name="completeness",
        label=gettext_lazy("资料完整度(分)"),
        order_by=("completeness",),
        value=lambda c: c.completeness,
        num=True,
    ),
    Column(name="missing", label=gettext_lazy("缺少的资料")),
    Column(
        name="manager",
        label=gettext_lazy("客户经理"),
        order_by=("account_manager__display_name",),
        value=lambda c: c.account_manager,
    ),
)


class EnrichmentFilterForm(forms.Form):
    """What the worklist is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("名称、号码、证件、编号")}
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        required=False,
        choices=[("", gettext_lazy("全部类型")), *KINDS],
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("范围"),
        required=False,
        choices=[
            ("", gettext_lazy("我的范围内全部")),
            ("mine", gettext_lazy("我名下的客户")),
        ],
    )


@requires("customer.register")
def enrichment(request: HttpRequest) -> HttpResponse:
    """The worklist, or the part of it that htmx asks for."""
    form = EnrichmentFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(request, _rows(request.user, asked), columns=COLUMNS, sort="-value", form=form)
    if export := page.exported(gettext_lazy("资料补全")):
        return export
    missing = missing_of([customer.pk for customer in page.rows])
    rows = [(one, shown_name(one), missing[one.pk]) for one in page.rows]
    return render_part(request, "customers/enrichment.html", "list", {"list": page, "rows": rows})


def _rows(staff: Any, asked: dict[str, Any]) -> QuerySet[Customer]:
    mine = {"account_manager": staff.pk} if asked.get("whose") == "mine" else {}
    chosen = filtered(staff, {"q": asked.get("q"), "kind": asked.get("kind"), **mine})
    valued = chosen.filter(erased_at__isnull=True).annotate(
        monthly_fen=Coalesce("figures__monthly_fen", Value(0))
    )
    return incomplete(with_completeness(valued)).select_related("account_manager")
