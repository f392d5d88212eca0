"""预销号: who comes near it, who was given up, and closing those for good."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.queries import endings
from billing.services import closings
from billing.views import credit_rooms
from billing.views.credit_forms import EndingFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_number
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.paper import hand_out
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.models import Subscription
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/ending_list.html"
PRE_TERMINATED = Subscription.State.PRE_TERMINATED
COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("号码"),
        order_by=("number",),
        value=lambda line: masked_number(line.number),
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("owner__name",),
        value=lambda line: shown_name(line.owner),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda line: _(line.get_state_display()),
    ),
    Column(
        name="stopped",
        label=gettext_lazy("停机"),
        order_by=("suspended_at",),
        value=lambda line: credit_rooms.when(line.suspended_at),
    ),
    Column(
        name="ends",
        label=gettext_lazy("预销号日"),
        order_by=("pre_terminated_at", "suspended_at"),
        value=endings.ends_on,
    ),
    Column(
        name="owed",
        label=gettext_lazy("欠费(元)"),
        order_by=("owed_fen",),
        value=lambda line: yuan(line.owed_fen),
        num=True,
    ),
)


@requires("credit.view")
def ending_list(request: HttpRequest) -> HttpResponse:
    """Who has been stopped longest first."""
    page = _page(request)
    if export := page.exported(gettext_lazy("预销号")):
        return export
    return render_part(request, TEMPLATE, "list", _context(request, page))


@requires("credit.view")
def ending_pdf(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """欠费预销号通知书: what was given up, since when, and what is still owed."""
    line = get_object_or_404(_reached(request).filter(state=PRE_TERMINATED), pk=subscription_id)
    at = localtime(clock.now())
    context = {
        "line": line,
        "name": shown_name(line.owner),
        "ends_on": endings.ends_on(line),
        "closes_from": endings.closes_from(line),
        "bills": endings.bills_of(line),
        "printed_at": at,
        "printed_by": request.user,
    }
    return hand_out(
        request,
        "papers/ending.html",
        context,
        file_name=f"pre-termination-{line.pk}.pdf",
        customer_ids=[line.owner_id],
        at=at,
        detail={"subscription": line.pk},
        back=reverse("billing:endings"),
        in_place=True,
    )


@require_POST
@requires("credit.handle")
def close_ending(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Close one for good; its debts stay."""
    line = get_object_or_404(_reached(request), pk=subscription_id)
    try:
        closings.close(subscription_id=line.pk, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        context = _context(request, _page(request))
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(
        request,
        _("%(number)s 已销户结案；欠费保留在帐户上。") % {"number": masked_number(line.number)},
    )
    return redirect(f"{reverse('billing:endings')}?stage=closable")


def _reached(request: HttpRequest) -> QuerySet[Subscription]:
    return endings.endings().filter(in_scope(request.user, customer="owner__"))


def _page(request: HttpRequest) -> ListPage:
    form = EndingFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = endings.of_stage(_reached(request), asked.get("stage") or "", on=clock.today())
    if text := (asked.get("q") or "").strip():
        rows = rows.filter(
            Q(number=text) | Q(owner__name__icontains=text) | Q(owner__code__iexact=text)
        )
    page = ListPage(
        request, rows.select_related("owner"), columns=COLUMNS, sort="stopped", form=form
    )
    page.path = reverse("billing:endings")
    return page


def _context(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    today = clock.today()
    return {
        "list": page,
        "rows": [_row(line, today) for line in page.rows],
        "may_close": access.can(request.user, "credit.handle"),
        "tabs": credit_rooms.tabs(request.user),
    }


def _row(line: Any, today: Any) -> dict[str, Any]:
    ends_on = endings.ends_on(line)
    ended = line.state == PRE_TERMINATED
    return {
        "line": line,
        "name": shown_name(line.owner),
        "ends_on": ends_on,
        "days_left": None if ended else max(0, (ends_on - today).days),
        "closes_from": endings.closes_from(line) if ended else None,
        "closable": ended and endings.closes_from(line) <= today,
    }
