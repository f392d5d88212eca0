"""重批差异: every charge that comes out otherwise, and what is done about it."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import ReratedLine, Rerating
from billing.views.rerating_forms import LineFilterForm
from bss.kernel.access import requires
from bss.kernel.masking import masked_number
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

WAYS = {"less": Q(difference__lt=0), "more": Q(difference__gt=0)}


def _yuan(name: str, label: Any, field: str) -> Column:
    return Column(
        name=name,
        label=label,
        order_by=(field,),
        value=lambda line: yuan(getattr(line, field)),
        num=True,
    )


COLUMNS = (
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda line: line.account.code,
    ),
    Column(
        name="number",
        label=gettext_lazy("号码"),
        value=lambda line: masked_number(line.subscription.number),
    ),
    Column(
        name="month",
        label=gettext_lazy("月份"),
        order_by=("month", "pk"),
        value=lambda line: f"{line.month:%Y-%m}",
    ),
    Column(
        name="item",
        label=gettext_lazy("费用"),
        order_by=("item", "pk"),
        value=lambda line: item_word(line),
    ),
    _yuan("old", gettext_lazy("原金额(元)"), "old_fen"),
    _yuan("new", gettext_lazy("新金额(元)"), "new_fen"),
    _yuan("difference", gettext_lazy("差额(元)"), "difference"),
    Column(
        name="treatment",
        label=gettext_lazy("办法"),
        order_by=("treatment", "pk"),
        value=lambda line: _(line.get_treatment_display()),
    ),
    Column(
        name="adjustment",
        label=gettext_lazy("调帐单"),
        value=lambda line: line.adjustment.code if line.adjustment else "",
    ),
)


@requires("month.view")
def rerated_lines(request: HttpRequest, rerating_id: int) -> HttpResponse:
    """The lines within the person's reach, those most to the customer's favour first."""
    rerating = get_object_or_404(Rerating, pk=rerating_id)
    form = LineFilterForm(request.GET or None)
    rows = _filtered(_lines(request, rerating), form.cleaned_data if form.is_valid() else {})
    page = ListPage(request, rows, columns=COLUMNS, sort="difference", form=form)
    title = _("重批差异 %(code)s") % {"code": rerating.code}
    if export := page.exported(title):
        return export
    context = {
        "list": page,
        "title": title,
        "rows": [
            (line, masked_number(line.subscription.number), item_word(line)) for line in page.rows
        ],
        "crumbs": [
            (_("资费重批"), reverse("billing:reratings")),
            (rerating.code, reverse("billing:rerating", args=[rerating.pk])),
            (_("差异"), ""),
        ],
    }
    return render_part(request, "billing/rerated_lines.html", "list", context)


def item_word(line: ReratedLine) -> str:
    return str(_(line.bill_item))


def _lines(request: HttpRequest, rerating: Rerating) -> QuerySet[ReratedLine]:
    reached = rerating.lines.filter(in_scope(request.user, customer="account__owner__"))
    return reached.select_related("account", "subscription", "adjustment").annotate(
        difference=F("new_fen") - F("old_fen")
    )


def _filtered(rows: QuerySet[ReratedLine], asked: dict[str, Any]) -> QuerySet[ReratedLine]:
    if text := (asked.get("q") or "").strip():
        rows = rows.filter(account__code__iexact=text)
    for name in ("item", "treatment"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("way"):
        rows = rows.filter(WAYS[asked["way"]])
    return rows
