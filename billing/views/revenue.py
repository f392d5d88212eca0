"""收入分摊: what was billed, by service and by branch or month; equal to the bills (BIL-5)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Bill
from billing.queries.revenue import BRANCH, MONTH, WITHOUT_SERVICE, Revenue, RevenueRow, revenue
from billing.views.forms import translated
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.models import Organisation
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.periods import Month
from bss.kernel.units import yuan
from customers.models import Service

SERVICES = (*Service.values, WITHOUT_SERVICE)
LEVELS = (
    Organisation.Level.PROVINCE,
    Organisation.Level.CITY,
    Organisation.Level.COUNTY,
    Organisation.Level.HALL,
)


class RevenueForm(forms.Form):
    """Which months, and what the rows are."""

    is_filter = True

    first = forms.ChoiceField(label=gettext_lazy("从"), required=False)
    last = forms.ChoiceField(label=gettext_lazy("到"), required=False)
    by = forms.ChoiceField(
        label=gettext_lazy("按"),
        required=False,
        choices=[(BRANCH, gettext_lazy("分公司")), (MONTH, gettext_lazy("月份"))],
    )
    level = forms.ChoiceField(
        label=gettext_lazy("级别"),
        required=False,
        choices=[pair for pair in translated(Organisation.Level.choices) if pair[0] in LEVELS],
    )

    def __init__(self, *args: Any, months: list[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            field: Any = self.fields[name]
            field.choices = [(str(month), str(month)) for month in months]


class RevenueRows(list[RevenueRow]):
    """Rows that a list page can order as it orders a queryset."""

    def order_by(self, *names: str) -> "RevenueRows":
        name = names[0]
        key: Callable[[RevenueRow], Any] = lambda row: _figure(row, name.lstrip("-"))  # noqa: E731
        return RevenueRows(sorted(self, key=key, reverse=name.startswith("-")))


@requires("books.view")
def revenue_page(request: HttpRequest) -> HttpResponse:
    """The report, its sum, and whether it is what the bills come to."""
    form, asked = _asked(request)
    found = revenue(**asked, staff=request.user)
    services = [one for one in SERVICES if found.total.by_service.get(one)]
    names = _names(found, by=asked["by"])
    page = ListPage(
        request,
        RevenueRows(found.rows),
        columns=_columns(services, names, by=asked["by"]),
        sort="-total" if asked["by"] == BRANCH else "place",
        form=form,
        per_page=100,
    )
    title = _("收入分摊 %(first)s 至 %(last)s") % {"first": asked["first"], "last": asked["last"]}
    if export := page.exported(title):
        return export
    return render(
        request,
        "billing/revenue.html",
        {
            "list": page,
            "rows": [(names[row.key], _figures(row, services)) for row in page.rows],
            "totals": _figures(found.total, services),
            "found": found,
            "bars": [
                (_service(one), found.total.by_service[one], "at")
                for one in services
                if found.total.by_service[one] > 0
            ],
            "first": asked["first"],
            "last": asked["last"],
            "crumbs": [(_("总帐"), reverse("billing:books")), (_("收入分摊"), "")],
        },
    )


def _asked(request: HttpRequest) -> tuple[RevenueForm, dict[str, Any]]:
    days = Bill.objects.filter(month__isnull=False).order_by("-month").values_list("month")
    months = [Month.of(day) for (day,) in days.distinct() if day] or [
        Month.of(clock.now()).previous
    ]
    default = {
        "first": str(months[0]),
        "last": str(months[0]),
        "by": BRANCH,
        "level": Organisation.Level.CITY.value,
    }
    given = {name: request.GET[name] for name in default if request.GET.get(name)}
    form = RevenueForm({**default, **given}, months=months)
    chosen = form.cleaned_data if form.is_valid() else default
    first, last = sorted((Month.parse(chosen["first"]), Month.parse(chosen["last"])))
    return form, {"first": first, "last": last, "by": chosen["by"], "level": chosen["level"]}


def _names(found: Revenue, *, by: str) -> dict[Any, str]:
    if by == MONTH:
        return {row.key: str(Month.of(row.key)) for row in found.rows}
    keys = [row.key for row in found.rows if row.key is not None]
    names = Organisation.objects.filter(pk__in=keys).values_list("pk", "name")
    return {None: _("没有归属的客户"), **dict(names)}


def _service(service: str) -> str:
    return _(str(dict(Service.choices).get(service, "其他")))


def _figures(row: RevenueRow, services: list[str]) -> list[int]:
    by_service = [row.by_service.get(service, 0) for service in services]
    return [*by_service, row.amount_fen, row.tax_fen, row.net_fen]


def _figure(row: RevenueRow, name: str) -> Any:
    if name == "key":
        return (row.key is None, row.key)
    return getattr(row, name) if hasattr(row, name) else row.by_service.get(name, 0)


def _columns(services: list[str], names: dict[Any, str], *, by: str) -> tuple[Column, ...]:
    def of_service(service: str) -> Column:
        return Column(
            name=f"service-{service}",
            label=_("%(service)s(元)") % {"service": _service(service)},
            order_by=(service,),
            value=lambda row: yuan(row.by_service.get(service, 0)),
            num=True,
        )

    return (
        Column(
            name="place",
            label=_("月份") if by == MONTH else _("分公司"),
            order_by=("key",),
            value=lambda row: names[row.key],
        ),
        *(of_service(service) for service in services),
        Column(
            name="total",
            label=_("合计(元)"),
            order_by=("amount_fen",),
            value=lambda row: yuan(row.amount_fen),
            num=True,
        ),
        Column(
            name="tax",
            label=_("其中税额(元)"),
            order_by=("tax_fen",),
            value=lambda row: yuan(row.tax_fen),
            num=True,
        ),
        Column(
            name="net",
            label=_("不含税收入(元)"),
            order_by=("net_fen",),
            value=lambda row: yuan(row.net_fen),
            num=True,
        ),
    )
