"""催缴记录: who was told what, when, and whether it arrived."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import PayRelation, Reminder
from billing.views import credit_rooms
from billing.views.credit_forms import ReminderFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import day_start
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="at",
        label=gettext_lazy("时间"),
        order_by=("at", "id"),
        value=lambda one: credit_rooms.when(one.at),
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
        name="step",
        label=gettext_lazy("步骤"),
        order_by=("step__name",),
        value=lambda one: _(one.step.name),
    ),
    Column(
        name="acts",
        label=gettext_lazy("基准日"),
        order_by=("acts_on",),
        value=lambda one: one.acts_on,
    ),
    Column(
        name="due",
        label=gettext_lazy("金额(元)"),
        order_by=("due_fen",),
        value=lambda one: yuan(one.due_fen),
        num=True,
    ),
    Column(
        name="messages",
        label=gettext_lazy("通知"),
        value=lambda one: "；".join(
            f"{_(row.get_medium_display())} {_(row.get_state_display())}"
            for row in one.messages.all()
        ),
    ),
)


@requires("credit.view")
def reminder_list(request: HttpRequest) -> HttpResponse:
    """The latest first."""
    form = ReminderFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    reached = Reminder.objects.filter(in_scope(request.user, customer="account__owner__"))
    rows = _filtered(reached, asked).select_related("account__owner", "step")
    page = ListPage(
        request, rows.prefetch_related("messages"), columns=COLUMNS, sort="-at", form=form
    )
    if export := page.exported(gettext_lazy("催缴记录")):
        return export
    context = {
        "list": page,
        "rows": [(one, shown_name(one.account.owner)) for one in page.rows],
        "tabs": credit_rooms.tabs(request.user),
    }
    return render_part(request, "billing/reminder_list.html", "list", context)


def _filtered(reminders: QuerySet[Reminder], asked: dict[str, Any]) -> QuerySet[Reminder]:
    if asked.get("step"):
        reminders = reminders.filter(step=asked["step"])
    if asked.get("since"):
        reminders = reminders.filter(at__gte=day_start(asked["since"]))
    if asked.get("until"):
        reminders = reminders.filter(at__lt=day_start(asked["until"] + timedelta(days=1)))
    if text := (asked.get("q") or "").strip():
        paid = PayRelation.objects.filter(account=OuterRef("account"), subscription__number=text)
        reminders = reminders.filter(
            Q(account__code__iexact=text)
            | Q(account__owner__name__icontains=text)
            | Q(account__owner__code__iexact=text)
            | Exists(paid)
        )
    return reminders
