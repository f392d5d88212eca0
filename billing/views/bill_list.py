"""帐单: of all months or of one, with what is still to be paid."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.models import Bill, BillLine
from billing.papers.bill_facts import title_of
from billing.queries.bills import with_given_up
from billing.views import reach
from billing.views.bill import state_of
from billing.views.forms import BillFilterForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import Month
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="bill",
        label=gettext_lazy("帐单"),
        order_by=("month", "account_id"),
        value=title_of,
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda bill: bill.account.code,
    ),
    Column(
        name="owner",
        label=gettext_lazy("客户"),
        order_by=("account__owner__name",),
        value=lambda bill: shown_name(bill.account.owner),
    ),
    Column(
        name="total",
        label=gettext_lazy("合计(元)"),
        order_by=("total_fen",),
        value=lambda bill: yuan(bill.total_fen),
        num=True,
    ),
    Column(
        name="paid",
        label=gettext_lazy("已缴(元)"),
        order_by=("paid_fen",),
        value=lambda bill: yuan(bill.paid_fen),
        num=True,
    ),
    Column(
        name="due",
        label=gettext_lazy("欠缴(元)"),
        order_by=("left_fen",),
        value=lambda bill: yuan(bill.due_fen),
        num=True,
    ),
    Column(
        name="due_on",
        label=gettext_lazy("缴费期限"),
        order_by=("due_on",),
        value=lambda bill: bill.due_on,
    ),
    Column(name="state", label=gettext_lazy("状态")),
)


@requires("account.view")
def bill_list(request: HttpRequest) -> HttpResponse:
    """The bills this person reaches, the latest month first, the largest first in it."""
    form = BillFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(with_given_up(reach.bills_reached_by(request.user)), asked)
    rows = rows.select_related("account__owner").annotate(left_fen=F("total_fen") - F("paid_fen"))
    page = ListPage(request, rows, columns=COLUMNS, sort="-total", form=form)
    if export := page.exported(gettext_lazy("帐单")):
        return export
    return render_part(
        request,
        "billing/bill_list.html",
        "list",
        {
            "list": page,
            "rows": [
                (bill, title_of(bill), shown_name(bill.account.owner), state_of(bill))
                for bill in page.rows
            ],
        },
    )


def _filtered(bills: QuerySet[Bill], asked: dict[str, Any]) -> QuerySet[Any]:
    if asked.get("month"):
        bills = bills.filter(month=Month.parse(asked["month"]).first_day)
    unpaid = Q(paid_fen__lt=F("total_fen"))
    states = {
        "due": unpaid,
        "overdue": unpaid & Q(due_on__lt=clock.today()),
        "paid": ~unpaid & Q(given_up=False),
    }
    states["written_off"] = ~unpaid & Q(given_up=True)
    if asked.get("state"):
        bills = bills.filter(states[asked["state"]])
    if text := (asked.get("q") or "").strip():
        numbered = BillLine.objects.filter(bill=OuterRef("pk"), subscription__number=text)
        bills = bills.filter(
            Q(account__code__iexact=text)
            | Q(account__name__icontains=text)
            | Q(account__owner__name__icontains=text)
            | Exists(numbered)
        )
    return bills
