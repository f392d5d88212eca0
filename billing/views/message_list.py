"""通知: every message with what became of it; dead letters are sent again from here."""

from typing import Any

from django.contrib import messages as toasts
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import Message
from billing.services import messages
from billing.views import credit_rooms
from billing.views.credit_forms import DEAD, MessageFilterForm
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.pages.said import said
from bss.kernel.scope import in_scope
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/message_list.html"
DEAD_STATES = (Message.State.FAILED, Message.State.UNDELIVERED)
COLUMNS = (
    Column(
        name="made",
        label=gettext_lazy("时间"),
        order_by=("made_at", "id"),
        value=lambda one: credit_rooms.when(one.made_at),
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda one: one.account.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("account__owner__name",),
        value=lambda one: shown_name(one.account.owner),
    ),
    Column(
        name="what",
        label=gettext_lazy("通知"),
        order_by=("template",),
        value=lambda one: step_name(one),
    ),
    Column(
        name="recipient",
        label=gettext_lazy("收件人"),
        value=lambda one: f"{_(one.get_medium_display())} {one.recipient}".strip(),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda one: _(one.get_state_display()),
    ),
    Column(name="attempts", label=gettext_lazy("尝试"), order_by=("attempts",), num=True),
    Column(
        name="error",
        label=gettext_lazy("说明"),
        value=lambda one: said(one.last_error),
        hidden=True,
    ),
)


def step_name(message: Message) -> str:
    """What it is about, as its step is called."""
    return _(message.reminder.step.name) if message.reminder else message.template


@requires("credit.view")
def message_list(request: HttpRequest) -> HttpResponse:
    """The latest first; dead letters are one filter away."""
    page = _page(request)
    if export := page.exported(gettext_lazy("通知")):
        return export
    return render_part(request, TEMPLATE, "list", _context(request, page))


@require_POST
@requires("credit.handle")
def retry_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send a dead letter once more."""
    get_object_or_404(_reached(request), pk=message_id)
    try:
        messages.try_again(message_id=message_id)
    except BadInputError as refused:
        context = _context(request, _page(request))
        return render_refused(request, TEMPLATE, context, refused=refused)
    toasts.success(request, _("已重新排队，一分钟内发送；夜间的短信早上 8 点后发送。"))
    return redirect(f"{reverse('billing:messages')}?state={DEAD}")


def _reached(request: HttpRequest) -> QuerySet[Message]:
    return Message.objects.filter(in_scope(request.user, customer="account__owner__"))


def _page(request: HttpRequest) -> ListPage:
    form = MessageFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(_reached(request), asked)
    page = ListPage(
        request,
        rows.select_related("account__owner", "reminder__step"),
        columns=COLUMNS,
        sort="-made",
        form=form,
    )
    page.path = reverse("billing:messages")
    return page


def _filtered(rows: QuerySet[Message], asked: dict[str, Any]) -> QuerySet[Message]:
    if state := asked.get("state"):
        rows = rows.filter(state__in=DEAD_STATES if state == DEAD else [state])
    if asked.get("medium"):
        rows = rows.filter(medium=asked["medium"])
    if text := (asked.get("q") or "").strip():
        rows = rows.filter(
            Q(account__code__iexact=text)
            | Q(account__owner__name__icontains=text)
            | Q(account__owner__code__iexact=text)
        )
    return rows


def _context(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    return {
        "list": page,
        "rows": [(one, shown_name(one.account.owner), step_name(one)) for one in page.rows],
        "dead_states": DEAD_STATES,
        "dead": _reached(request).filter(state__in=DEAD_STATES).count(),
        "may_retry": access.can(request.user, "credit.handle"),
        "tabs": credit_rooms.tabs(request.user),
    }
