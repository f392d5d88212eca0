"""扫码订单: every code that was asked for, the latest first."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import GatewayOrder
from billing.views.qr_forms import QrFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("商户订单号"),
        order_by=("number",),
        value=lambda order: order.number,
    ),
    Column(
        name="asked",
        label=gettext_lazy("下单时间"),
        order_by=("asked_at",),
        value=lambda order: f"{localtime(order.asked_at):%Y-%m-%d %H:%M}",
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda order: order.account.code,
    ),
    Column(
        name="gateway",
        label=gettext_lazy("网关"),
        order_by=("gateway",),
        value=lambda order: _(order.get_gateway_display()),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda order: _(order.get_state_display()),
    ),
    Column(
        name="trade",
        label=gettext_lazy("网关交易号"),
        order_by=("trade_no",),
        value=lambda order: order.trade_no,
    ),
    Column(
        name="amount",
        label=gettext_lazy("金额(元)"),
        order_by=("amount_fen",),
        value=lambda order: yuan(order.amount_fen),
        num=True,
    ),
)


@requires("account.view")
def qr_list(request: HttpRequest) -> HttpResponse:
    """The orders of the accounts this person reaches."""
    form = QrFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = GatewayOrder.objects.filter(in_scope(request.user, customer="account__owner__"))
    page = ListPage(
        request,
        _filtered(rows.select_related("account"), asked),
        columns=COLUMNS,
        sort="-asked",
        form=form,
    )
    if export := page.exported(gettext_lazy("扫码订单")):
        return export
    return render_part(request, "billing/qr_list.html", "list", {"list": page, "rows": page.rows})


def _filtered(orders: QuerySet[GatewayOrder], asked: dict[str, Any]) -> QuerySet[GatewayOrder]:
    if asked.get("gateway"):
        orders = orders.filter(gateway=asked["gateway"])
    if asked.get("state"):
        orders = orders.filter(state=asked["state"])
    if asked.get("since"):
        orders = orders.filter(asked_at__date__gte=asked["since"])
    if asked.get("until"):
        orders = orders.filter(asked_at__date__lte=asked["until"])
    if text := (asked.get("q") or "").strip():
        orders = orders.filter(
            Q(number__iexact=text) | Q(trade_no__iexact=text) | Q(account__code__iexact=text)
        )
    return orders
