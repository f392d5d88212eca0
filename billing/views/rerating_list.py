"""资费重批: all previews after tariff corrections, and what became of them (BIL-7)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Rerating
from billing.queries.offerings import offering_names
from billing.queries.rerated import months_of
from billing.views.rerating_forms import RunFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import business_date
from bss.kernel.units import yuan


def _fen(rerating: Rerating, name: str) -> int:
    return int(rerating.found.get("totals", {}).get(name, 0))


COLUMNS = (
    Column(name="code", label=gettext_lazy("编号"), order_by=("pk",), value=lambda r: r.code),
    Column(
        name="at",
        label=gettext_lazy("预览时间"),
        order_by=("at", "pk"),
        value=lambda r: f"{localtime(r.at):%Y-%m-%d %H:%M}",
    ),
    Column(
        name="months",
        label=gettext_lazy("月份"),
        order_by=("first_month", "pk"),
        value=lambda r: range_of(r),
    ),
    Column(name="offering", label=gettext_lazy("产品"), value=lambda r: r.offering),
    Column(
        name="customer",
        label=gettext_lazy("客户编号"),
        value=lambda r: r.customer.code if r.customer else "",
    ),
    Column(
        name="credits",
        label=gettext_lazy("减免(元)"),
        value=lambda r: yuan(-_fen(r, "credits_fen")),
        num=True,
    ),
    Column(
        name="debits",
        label=gettext_lazy("补收(元)"),
        value=lambda r: yuan(_fen(r, "debits_fen")),
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state", "pk"),
        value=lambda r: _(r.get_state_display()),
    ),
    Column(name="by", label=gettext_lazy("经办人"), value=lambda r: str(r.by or "")),
)


@requires("month.view")
def rerating_list(request: HttpRequest) -> HttpResponse:
    """All previews and what became of them, the latest first."""
    form = RunFilterForm(request.GET or None)
    rows = _filtered(form.cleaned_data if form.is_valid() else {})
    page = ListPage(request, rows, columns=COLUMNS, sort="-code", form=form)
    if export := page.exported(gettext_lazy("资费重批")):
        return export
    names = offering_names(business_date(clock.now()))
    context = {
        "list": page,
        "rows": [
            (
                row,
                range_of(row),
                names(row.offering),
                -_fen(row, "credits_fen"),
                _fen(row, "debits_fen"),
            )
            for row in page.rows
        ],
        "may_make": access.can(request.user, "rerating.make"),
    }
    return render_part(request, "billing/rerating_list.html", "list", context)


def _filtered(asked: dict[str, Any]) -> QuerySet[Rerating]:
    rows: QuerySet[Rerating] = Rerating.objects.select_related("customer", "by")
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    if text := (asked.get("q") or "").strip().upper():
        wanted = Q(customer__code__iexact=text)
        if (number := text.removeprefix("CP")).isdecimal() and len(number) <= 12:
            wanted |= Q(pk=int(number))
        rows = rows.filter(wanted)
    return rows


def range_of(rerating: Rerating) -> str:
    """Its months as people write them."""
    months = months_of(rerating)
    return str(months[0]) if len(months) == 1 else f"{months[0]} – {months[-1]}"
