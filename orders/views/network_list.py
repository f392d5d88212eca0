"""停复机指令: what the network was told because subscriptions were stopped and resumed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_refused
from bss.kernel.scope import in_scope
from orders.models import NetworkOrder
from orders.services import network
from orders.views.names import customer_name, in_words

TEMPLATE = "orders/network_list.html"
TO_DO = "to_do"
TO_DO_STATES = (NetworkOrder.State.READY, NetworkOrder.State.RUNNING, NetworkOrder.State.FAILED)
COLUMNS = (
    Column(
        name="type",
        label=gettext_lazy("指令"),
        order_by=("type",),
        value=lambda one: _(one.get_type_display()),
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
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("subscription__owner__name",),
        value=lambda one: customer_name(one.subscription.owner),
    ),
    Column(
        name="asked",
        label=gettext_lazy("状态变更"),
        order_by=("asked_at", "change"),
        value=lambda one: one.asked_at,
    ),
    Column(
        name="done", label=gettext_lazy("完成"), order_by=("done_at",), value=lambda o: o.done_at
    ),
    Column(name="attempts", label=gettext_lazy("尝试"), order_by=("attempts",), num=True),
)


class NetworkFilterForm(forms.Form):
    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("客户、号码")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[
            (TO_DO, gettext_lazy("未完成")),
            *in_words(NetworkOrder.State.choices),
            ("all", gettext_lazy("全部状态")),
        ],
    )
    type = forms.ChoiceField(
        label=gettext_lazy("指令"),
        required=False,
        choices=[("", gettext_lazy("全部指令")), *in_words(NetworkOrder.Type.choices)],
    )

    def wanted(self) -> Q:
        asked = self.cleaned_data if self.is_valid() else {}
        wanted = Q()
        if text := (asked.get("q") or "").strip():
            wanted &= Q(subscription__number__contains=text) | Q(
                subscription__owner__name__icontains=text
            )
        state = asked.get("state") or TO_DO
        if state != "all":
            wanted &= Q(state__in=TO_DO_STATES) if state == TO_DO else Q(state=state)
        if asked.get("type"):
            wanted &= Q(type=asked["type"])
        return wanted


@requires("order.view")
def network_list(request: HttpRequest) -> HttpResponse:
    """Newest change first; what is still to do unless asked for more."""
    page = _page(request)
    if export := page.exported(gettext_lazy("停复机指令")):
        return export
    return render(request, TEMPLATE, _context(request, page))


@require_POST
@requires("work_order.complete")
def retry_network(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(_reached(request), pk=pk)
    try:
        network.try_again(network_order_id=pk)
    except BadInputError as refused:
        context = _context(request, _page(request))
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("指令已交回平台重试。"))
    return redirect("orders:network")


def _reached(request: HttpRequest) -> Any:
    return NetworkOrder.objects.filter(in_scope(request.user, customer="subscription__owner__"))


def _page(request: HttpRequest) -> ListPage:
    form = NetworkFilterForm(request.GET or None, initial={"state": TO_DO})
    rows = _reached(request).filter(form.wanted()).select_related("subscription__owner")
    page = ListPage(request, rows, columns=COLUMNS, sort="-asked", form=form)
    page.path = reverse("orders:network")
    return page


def _context(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    work = reverse("orders:work_orders")
    return {
        "list": page,
        "rows": [(one, customer_name(one.subscription.owner)) for one in page.rows],
        "may_retry": access.can(request.user, "work_order.complete"),
        "tabs": [
            ("list", _("列表"), work, None),
            ("board", _("看板"), f"{work}?view=board", None),
            ("network", _("停复机指令"), page.path, None),
        ],
    }
