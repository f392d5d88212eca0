"""帐户: with what is in their ledgers and what they owe."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Account, Bill, Ledger, PayRelation
from billing.views import reach
from billing.views.forms import AccountFilterForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="code",
        label=gettext_lazy("帐户"),
        order_by=("code",),
        value=lambda account: account.code,
    ),
    Column(
        name="owner",
        label=gettext_lazy("客户"),
        order_by=("owner__name",),
        value=lambda account: shown_name(account.owner),
    ),
    Column(
        name="kind",
        label=gettext_lazy("类型"),
        order_by=("kind",),
        value=lambda account: _(account.get_kind_display()),
    ),
    Column(
        name="balance",
        label=gettext_lazy("余额(元)"),
        order_by=("balance_fen",),
        value=lambda account: yuan(account.balance_fen),
        num=True,
    ),
    Column(
        name="due",
        label=gettext_lazy("欠费(元)"),
        order_by=("due_fen",),
        value=lambda account: yuan(account.due_fen),
        num=True,
    ),
    Column(
        name="overdue",
        label=gettext_lazy("其中逾期(元)"),
        order_by=("overdue_fen",),
        value=lambda account: yuan(account.overdue_fen),
        num=True,
    ),
)


@requires("account.view")
def account_list(request: HttpRequest) -> HttpResponse:
    """The accounts this person reaches, who owes most first."""
    form = AccountFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(_with_figures(reach.accounts_reached_by(request.user)), asked)
    page = ListPage(request, rows, columns=COLUMNS, sort="-due", form=form)
    if export := page.exported(gettext_lazy("帐户")):
        return export
    return render_part(
        request,
        "billing/account_list.html",
        "list",
        {
            "list": page,
            "rows": [
                (account, reach.account_name(account), shown_name(account.owner))
                for account in page.rows
            ],
        },
    )


def _with_figures(accounts: QuerySet[Account]) -> QuerySet[Any]:
    """Each with ``balance_fen``, ``due_fen`` and ``overdue_fen``."""
    money = Ledger.objects.filter(account=OuterRef("pk")).order_by().values("account")
    owed = Bill.objects.filter(account=OuterRef("pk"), paid_fen__lt=F("total_fen"))
    due = Sum(F("total_fen") - F("paid_fen"))
    overdue = owed.filter(due_on__lt=clock.today())
    return accounts.select_related("owner", "subscription").annotate(
        balance_fen=Coalesce(
            Subquery(money.annotate(sum=Sum(F("cash_fen") + F("gift_fen"))).values("sum")), 0
        ),
        due_fen=Coalesce(
            Subquery(owed.order_by().values("account").annotate(sum=due).values("sum")), 0
        ),
        overdue_fen=Coalesce(
            Subquery(overdue.order_by().values("account").annotate(sum=due).values("sum")), 0
        ),
    )


def _filtered(accounts: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    if asked.get("kind"):
        accounts = accounts.filter(kind=asked["kind"])
    if asked.get("debt") == "due":
        accounts = accounts.filter(due_fen__gt=0)
    if asked.get("debt") == "overdue":
        accounts = accounts.filter(overdue_fen__gt=0)
    if text := (asked.get("q") or "").strip():
        paid = PayRelation.objects.filter(account=OuterRef("pk"), subscription__number=text)
        accounts = accounts.filter(
            Q(code__iexact=text)
            | Q(name__icontains=text)
            | Q(owner__name__icontains=text)
            | Q(owner__code__iexact=text)
            | Exists(paid)
        )
    return accounts
