"""客户: the list, found by name parts, number, document or code."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from customers.forms import CustomerFilterForm
from customers.models import Customer, Subscription
from customers.queries.completeness import with_completeness
from customers.queries.selection import filtered
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="name", label=gettext_lazy("客户"), order_by=("name",), value=lambda c: shown_name(c)
    ),
    Column(name="code", label=gettext_lazy("客户编号"), order_by=("code",), value=lambda c: c.code),
    Column(
        name="kind",
        label=gettext_lazy("类型"),
        order_by=("kind",),
        value=lambda c: _(c.get_kind_display()),
    ),
    Column(
        name="listed",
        label=gettext_lazy("名单"),
        order_by=("listed",),
        value=lambda c: _(c.get_listed_display()),
    ),
    Column(
        name="completeness",
        label=gettext_lazy("资料完整度(分)"),
        order_by=("completeness",),
        value=lambda c: c.completeness,
        num=True,
    ),
    Column(name="area", label=gettext_lazy("长途区号"), order_by=("area",), value=lambda c: c.area),
    Column(
        name="subscriptions",
        label=gettext_lazy("用户数"),
        order_by=("living",),
        value=lambda c: c.living,
        num=True,
    ),
    Column(
        name="manager",
        label=gettext_lazy("客户经理"),
        order_by=("account_manager__display_name",),
        value=lambda c: c.account_manager,
    ),
    Column(
        name="registered",
        label=gettext_lazy("登记时间"),
        order_by=("registered_at",),
        value=lambda c: c.registered_at,
    ),
)


@requires("customer.view")
def customer_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = CustomerFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(
        request, _rows(request.user, asked), columns=COLUMNS, sort="-registered", form=form
    )
    if export := page.exported(gettext_lazy("客户")):
        return export
    return render_part(
        request,
        "customers/customer_list.html",
        "list",
        {
            "list": page,
            "rows": [(customer, shown_name(customer)) for customer in page.rows],
            "may_register": access.can(request.user, "customer.register"),
            "may_classify": access.can(request.user, "customer.classify"),
            "may_reveal": access.can(request.user, "customer.reveal"),
            "chosen": request.GET.urlencode(),
        },
    )


def _rows(staff: Any, asked: dict[str, str]) -> QuerySet[Customer]:
    in_network = Subscription.objects.filter(owner=OuterRef("pk")).exclude(
        state=Subscription.State.TERMINATED
    )
    counted = in_network.order_by().values("owner").annotate(n=Count("pk")).values("n")
    return (
        with_completeness(filtered(staff, asked))
        .select_related("account_manager")
        .annotate(living=Coalesce(Subquery(counted), 0))
    )
