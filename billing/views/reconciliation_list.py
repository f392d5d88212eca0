"""网关对帐: the days that were reconciled, and a form for one more."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.gateways.configured import gateway
from billing.gateways.protocol import GatewayError, NoStatementError
from billing.models import Reconciliation
from billing.queries.reconciled import reconciliations
from billing.services.reconciling import fetch_statement, take_statement
from billing.views.reconciliation_forms import ReconciliationFilterForm, StatementForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.periods import business_date
from bss.kernel.units import yuan

NEW = "billing/reconciliation_new.html"
COLUMNS = (
    Column(name="day", label=gettext_lazy("对帐日"), order_by=("day",), value=lambda r: r.day),
    Column(
        name="gateway",
        label=gettext_lazy("网关"),
        order_by=("gateway",),
        value=lambda r: _(r.get_gateway_display()),
    ),
    Column(
        name="rows",
        label=gettext_lazy("笔数"),
        order_by=("rows",),
        value=lambda r: r.rows,
        num=True,
    ),
    Column(
        name="paid",
        label=gettext_lazy("收款(元)"),
        order_by=("paid_fen",),
        value=lambda r: yuan(r.paid_fen),
        num=True,
    ),
    Column(
        name="refunded",
        label=gettext_lazy("退款(元)"),
        order_by=("refunded_fen",),
        value=lambda r: yuan(r.refunded_fen),
        num=True,
    ),
    Column(
        name="differing",
        label=gettext_lazy("差异"),
        order_by=("differing",),
        value=lambda r: r.differing,
        num=True,
    ),
    Column(
        name="waiting",
        label=gettext_lazy("待处理"),
        order_by=("waiting",),
        value=lambda r: r.waiting,
        num=True,
    ),
    Column(
        name="taken",
        label=gettext_lazy("对帐时间"),
        order_by=("taken_at",),
        value=lambda r: r.taken_at,
    ),
)


@requires("reconciliation.view")
def reconciliation_list(request: HttpRequest) -> HttpResponse:
    """The latest day first."""
    form = ReconciliationFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(
        request, _filtered(reconciliations(), asked), columns=COLUMNS, sort="-day", form=form
    )
    if export := page.exported(gettext_lazy("网关对帐")):
        return export
    context = {
        "list": page,
        "rows": page.rows,
        "may_handle": access.can(request.user, "reconciliation.handle"),
    }
    return render_part(request, "billing/reconciliation_list.html", "list", context)


@requires("reconciliation.handle")
def new_reconciliation(request: HttpRequest) -> HttpResponse:
    """Take a day's statement: the uploaded file, or what the gateway gives."""
    today = business_date(clock.real_now())
    form = StatementForm(
        request.POST or None, request.FILES or None, latest=today - timedelta(days=1)
    )
    context = {
        "form": form,
        "crumbs": [(_("网关对帐"), reverse("billing:reconciliations")), (_("对一天的帐"), "")],
    }
    if request.method != "POST":
        return render(request, NEW, context)
    if not form.is_valid():
        return render_refused(request, NEW, context)
    try:
        taken = _take(request, form.cleaned_data, today=today)
    except NoStatementError:
        refused = BadInputError(("day", _("网关还没有这天的对帐单，一般在次日上午十点后可取。")))
    except GatewayError:
        refused = BadInputError(("gateway", _("网关没有应答；请稍后再取，或上传对帐单文件。")))
    except BadInputError as error:
        refused = error
    else:
        messages.success(request, _("已对帐：%(n)s 笔。") % {"n": taken.rows})
        return redirect("billing:reconciliation", reconciliation_id=taken.pk)
    return render_refused(request, NEW, context, refused=refused)


def _take(request: HttpRequest, asked: dict[str, Any], *, today: Any) -> Reconciliation:
    common: dict[str, Any] = {
        "day": asked["day"],
        "today": today,
        "at": clock.now(),
        "by_id": request.user.pk,
    }
    if asked["file"] is None:
        return fetch_statement(gateway=gateway(asked["gateway"]), **common)
    file = asked["file"]
    return take_statement(gateway=asked["gateway"], file=file.read(), name=file.name, **common)


def _filtered(days: Any, asked: dict[str, Any]) -> Any:
    if asked.get("gateway"):
        days = days.filter(gateway=asked["gateway"])
    if asked.get("state") == "waiting":
        days = days.filter(waiting__gt=0)
    if asked.get("state") == "clear":
        days = days.filter(waiting=0)
    if asked.get("since"):
        days = days.filter(day__gte=asked["since"])
    if asked.get("until"):
        days = days.filter(day__lte=asked["until"])
    return days
