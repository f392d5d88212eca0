"""H1 渠道: the register by level, with what each sold and took in a month."""

from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import Month
from bss.kernel.scope import in_place
from bss.kernel.units import yuan
from channels.queries.takings import channels_with_month
from channels.views.forms import ChannelFilterForm

COLUMNS = (
    Column(
        name="channel",
        label=gettext_lazy("渠道"),
        order_by=("name",),
        value=lambda row: f"{row.name} {row.code}",
    ),
    Column(
        name="kind",
        label=gettext_lazy("类型"),
        order_by=("kind",),
        value=lambda row: _(row.get_kind_display()),
    ),
    Column(
        name="place",
        label=gettext_lazy("所属机构"),
        order_by=("organisation__level", "organisation__name"),
        value=lambda row: f"{_(row.organisation.get_level_display())} {row.organisation.name}",
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("active",),
        value=lambda row: _("在用") if row.active else _("停用"),
    ),
    Column(
        name="sales",
        label=gettext_lazy("发展量(件)"),
        order_by=("sold_count",),
        value=lambda row: row.sold_count,
        num=True,
    ),
    Column(
        name="monthly",
        label=gettext_lazy("新增月费(元)"),
        order_by=("sold_monthly_fen",),
        value=lambda row: yuan(row.sold_monthly_fen),
        num=True,
    ),
    Column(
        name="revenue",
        label=gettext_lazy("收款(元)"),
        order_by=("revenue_fen",),
        value=lambda row: yuan(row.revenue_fen),
        num=True,
    ),
)


@requires("channel.view")
def channel_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    this_month = Month.of(clock.today())
    form = ChannelFilterForm(request.GET or None, initial={"month": str(this_month)})
    asked = form.cleaned_data if form.is_valid() else {}
    month = asked.get("month") or this_month
    rows = channels_with_month(month).filter(in_place(request.user), _wanted(asked))
    page = ListPage(request, rows, columns=COLUMNS, sort="-revenue", form=form)
    if export := page.exported(gettext_lazy("渠道")):
        return export
    totals = rows.aggregate(
        sales=Sum("sold_count"), monthly=Sum("sold_monthly_fen"), revenue=Sum("revenue_fen")
    )
    context = {
        "list": page,
        "month": month,
        "totals": {name: total or 0 for name, total in totals.items()},
    }
    return render_part(request, "channels/channel_list.html", "list", context)


def _wanted(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if text := (asked.get("q") or "").strip():
        wanted &= Q(name__icontains=text) | Q(code__icontains=text)
    if asked.get("kind"):
        wanted &= Q(kind=asked["kind"])
    if asked.get("level"):
        wanted &= Q(organisation__level=asked["level"])
    if asked.get("state"):
        wanted &= Q(active=asked["state"] == "active")
    return wanted
