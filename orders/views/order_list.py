"""订单: newest first, by state, business and day."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from orders.views.filters import OrderFilterForm, orders_wanted
from orders.views.names import customer_name
from orders.views.reach import orders_for

COLUMNS = (
    Column(
        name="code",
        label=gettext_lazy("订单"),
        order_by=("pk",),
        value=lambda order: order.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("customer__name",),
        value=lambda order: customer_name(order.customer),
    ),
    Column(
        name="type",
        label=gettext_lazy("业务"),
        order_by=("type",),
        value=lambda order: _(order.get_type_display()),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda order: _(order.get_state_display()),
    ),
    Column(
        name="accepted",
        label=gettext_lazy("受理时间"),
        order_by=("accepted_at",),
        value=lambda order: order.accepted_at,
    ),
    Column(
        name="completed",
        label=gettext_lazy("竣工时间"),
        order_by=("completed_at",),
        value=lambda order: order.completed_at,
    ),
    Column(
        name="channel",
        label=gettext_lazy("渠道"),
        order_by=("channel__name",),
        value=lambda order: order.channel.name,
    ),
    Column(
        name="by",
        label=gettext_lazy("受理人"),
        order_by=("accepted_by__display_name",),
        value=lambda order: order.accepted_by,
    ),
)


@requires("order.view")
def order_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = OrderFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = orders_for(request.user).filter(orders_wanted(asked))
    rows = rows.select_related("customer", "channel", "accepted_by", "subscription", "bundle")
    page = ListPage(request, rows, columns=COLUMNS, sort="-code", form=form)
    if export := page.exported(gettext_lazy("订单")):
        return export
    context = {
        "list": page,
        "rows": [(order, customer_name(order.customer)) for order in page.rows],
        "may_open": access.can(request.user, "bundle.open"),
    }
    return render_part(request, "orders/order_list.html", "list", context)
