"""O2 工单: what is to do, as a list or as a board by state."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from orders.models import WorkOrder
from orders.views.filters import WorkOrderFilterForm, work_orders_wanted
from orders.views.names import customer_name, product_name
from orders.views.reach import work_orders_for

BOARD_STATES = (
    WorkOrder.State.WAITING,
    WorkOrder.State.READY,
    WorkOrder.State.FAILED,
    WorkOrder.State.DONE,
)
CARDS_SHOWN = 12
COLUMNS = (
    Column(
        name="type",
        label=gettext_lazy("工单"),
        order_by=("type",),
        value=lambda one: f"{_(one.get_type_display())} {product_name(one.product)}".strip(),
    ),
    Column(
        name="number",
        label=gettext_lazy("号码"),
        order_by=("subscription__number",),
        value=lambda one: one.subscription.number,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda one: _(one.get_state_display()),
    ),
    Column(
        name="manual",
        label=gettext_lazy("施工方式"),
        order_by=("manual",),
        value=lambda one: _("人工施工") if one.manual else _("平台自动"),
    ),
    Column(
        name="order",
        label=gettext_lazy("订单"),
        order_by=("order_id", "position"),
        value=lambda one: one.order.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("order__customer__name",),
        value=lambda one: customer_name(one.order.customer),
    ),
    Column(
        name="area",
        label=gettext_lazy("区号"),
        order_by=("subscription__area",),
        value=lambda one: one.subscription.area,
    ),
    Column(
        name="appointment",
        label=gettext_lazy("预约"),
        order_by=("appointment_from",),
        value=lambda one: one.appointment_from,
    ),
    Column(name="rule", label=gettext_lazy("规则"), order_by=("rule",), value=lambda one: one.rule),
)


@requires("order.view")
def work_order_list(request: HttpRequest) -> HttpResponse:
    """``?view=board`` is the board; the filters are the same."""
    form = WorkOrderFilterForm(request.GET or None, initial={"state": "to_do"})
    asked = form.cleaned_data if form.is_valid() else {}
    reached = work_orders_for(request.user).select_related("subscription", "order__customer")
    rows = reached.filter(work_orders_wanted(asked))
    page = ListPage(request, rows, columns=COLUMNS, sort="-order", form=form)
    if export := page.exported(gettext_lazy("工单")):
        return export
    board = request.GET.get("view") == "board"
    context: dict[str, Any] = {
        "list": page,
        "view": "board" if board else "list",
        "tabs": [
            ("list", _("列表"), page.url(view=None), None),
            ("board", _("看板"), page.url(view="board", page=None), None),
            ("network", _("停复机指令"), reverse("orders:network"), None),
        ],
        "rows": [] if board else [(one, customer_name(one.order.customer)) for one in page.rows],
    }
    if board:
        context["columns"] = _board(reached.filter(work_orders_wanted(asked, with_state=False)))
    return render_part(request, "orders/work_order_list.html", "list", context)


def _board(rows: Any) -> list[dict[str, Any]]:
    """One column for each state: how many, and the first of them."""
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    columns = []
    for state in BOARD_STATES:
        newest = "-done_at" if state == WorkOrder.State.DONE else "order_id"
        shown = rows.filter(state=state).order_by(newest, "position")[:CARDS_SHOWN]
        columns.append(
            {
                "state": state,
                "count": counts.get(state, 0),
                "cards": [(one, customer_name(one.order.customer)) for one in shown],
            }
        )
    return columns
