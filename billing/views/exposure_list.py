"""信用额度: the accounts that come near their limit, as of the last check."""

from typing import Any

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.models import Exposure
from billing.views import credit_rooms
from billing.views.credit_forms import ExposureFilterForm
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

NEAR_PERCENT = 80


def _money(name: str, label: Any) -> Column:
    return Column(
        name=name,
        label=label,
        order_by=(f"{name}_fen",),
        value=lambda one: yuan(getattr(one, f"{name}_fen")),
        num=True,
    )


COLUMNS = (
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda one: one.account.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("account__owner__name",),
        value=lambda one: shown_name(one.account.owner),
    ),
    Column(
        name="percent",
        label=gettext_lazy("占用(%)"),
        order_by=("percent",),
        value=lambda one: one.percent,
        num=True,
    ),
    _money("exposure", gettext_lazy("占用(元)")),
    _money("limit", gettext_lazy("信用额度(元)")),
    _money("usage", gettext_lazy("未出帐话费(元)")),
    _money("charges", gettext_lazy("未出帐费用(元)")),
    _money("due", gettext_lazy("欠费(元)")),
    _money("balance", gettext_lazy("余额(元)")),
)


@requires("credit.view")
def exposure_list(request: HttpRequest) -> HttpResponse:
    """Who is nearest to the limit first."""
    form = ExposureFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    reached = Exposure.objects.filter(in_scope(request.user, customer="account__owner__"))
    rows = _filtered(reached, asked).select_related("account__owner")
    page = ListPage(request, rows, columns=COLUMNS, sort="-percent", form=form)
    if export := page.exported(gettext_lazy("信用额度")):
        return export
    context = {
        "list": page,
        "rows": [(one, shown_name(one.account.owner)) for one in page.rows],
        "checked_at": reached.aggregate(last=Max("checked_at"))["last"],
        "may_set_classes": access.can(request.user, "credit.limit"),
        "tabs": credit_rooms.tabs(request.user),
    }
    return render_part(request, "billing/exposure_list.html", "list", context)


def _filtered(rows: QuerySet[Exposure], asked: dict[str, Any]) -> QuerySet[Exposure]:
    rows = rows.filter(percent__gte=int(asked.get("reached") or NEAR_PERCENT))
    if text := (asked.get("q") or "").strip():
        rows = rows.filter(
            Q(account__code__iexact=text)
            | Q(account__owner__name__icontains=text)
            | Q(account__owner__code__iexact=text)
        )
    return rows
