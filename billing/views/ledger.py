"""账本: what it may pay, what is still to come, and its statement (ACC-2, ACC-5, ACC-6)."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import Account, Ledger, LedgerRelease
from billing.papers.ledger_words import ledger_name, matter_of, money_of, note_of, scope_words
from billing.queries.statement import Statement, StatementLine, statement_of
from billing.services.expiry import free_cash
from billing.views import reach
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_number
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import Month
from bss.kernel.units import yuan
from customers.models import Subscription
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/ledger.html"
MONTHS_SHOWN = 3
MONTHS_AT_MOST = 24


class PeriodForm(forms.Form):
    """From which month to which the statement goes."""

    is_filter = True

    first = forms.ChoiceField(label=gettext_lazy("从"), required=False)
    last = forms.ChoiceField(label=gettext_lazy("到"), required=False)

    def __init__(self, *args: Any, months: list[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            field: Any = self.fields[name]
            field.choices = [(str(month), str(month)) for month in months]


class StatementRows(list[StatementLine]):
    """Lines that a list page can order as it orders a queryset."""

    def order_by(self, *names: str) -> "StatementRows":
        rows = StatementRows(self)
        for name in reversed([name for name in names if name != "pk"]):
            rows.sort(key=attrgetter(name.lstrip("-")), reverse=name.startswith("-"))
        return rows


COLUMNS = (
    Column(
        name="at",
        label=gettext_lazy("时间"),
        order_by=("at", "journal_id"),
        value=lambda line: line.at,
    ),
    Column(name="matter", label=gettext_lazy("事项"), value=matter_of),
    Column(name="note", label=gettext_lazy("说明"), value=note_of),
    Column(name="money", label=gettext_lazy("资金"), value=money_of),
    Column(
        name="in",
        label=gettext_lazy("收入(元)"),
        value=lambda line: yuan(line.amount_fen) if line.amount_fen > 0 else "",
        num=True,
    ),
    Column(
        name="out",
        label=gettext_lazy("支出(元)"),
        value=lambda line: yuan(-line.amount_fen) if line.amount_fen < 0 else "",
        num=True,
    ),
    Column(
        name="balance",
        label=gettext_lazy("余额(元)"),
        value=lambda line: yuan(line.balance_fen),
        num=True,
    ),
)


@requires("account.view")
def ledger_page(request: HttpRequest, code: str, ledger_id: int) -> HttpResponse:
    """The ledger with its statement; the statement goes out as a file, too."""
    account, ledger = ledger_or_404(request, code, ledger_id)
    form, statement = asked_for(request, ledger)
    if request.GET.get("export"):
        whole = _page(request, statement.bounded_lines, form)
        if export := whole.exported(file_name(account, statement)):
            return export
    page = _page(request, statement.lines, form)
    return render(request, TEMPLATE, context_of(request, account, statement, page))


@require_POST
@requires("ledger.grant")
def free_expired_cash(request: HttpRequest, code: str, ledger_id: int) -> HttpResponse:
    """The cash of an expired ledger goes to the account's public one."""
    account, ledger = ledger_or_404(request, code, ledger_id)
    try:
        moved_fen = free_cash(ledger_id=ledger.pk, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        form, statement = asked_for(request, ledger)
        page = _page(request, statement.lines, form)
        context = context_of(request, account, statement, page)
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已转入公用账本 %(amount)s 元。") % {"amount": yuan(moved_fen)})
    return redirect("billing:ledger", code=account.code, ledger_id=ledger.pk)


def ledger_or_404(request: HttpRequest, code: str, ledger_id: int) -> tuple[Account, Ledger]:
    """Raises: Http404 when the account has none, or is not this person's to see."""
    account = reach.account_or_404(request.user, code)
    ledger = Ledger.objects.filter(pk=ledger_id, account=account).first()
    if ledger is None:
        raise Http404(f"no ledger {ledger_id} in {code}")
    return account, ledger


def asked_for(request: HttpRequest, ledger: Ledger) -> tuple[PeriodForm, Statement]:
    """The form as the address fills it, and the statement of its months."""
    now = Month.of(clock.now())
    known = [now.plus(-back) for back in range(MONTHS_AT_MOST)]
    opened = Month.of(ledger.opened_at)
    months = [month for month in known if month >= opened] or [now]
    default = {"first": str(max(now.plus(1 - MONTHS_SHOWN), months[-1])), "last": str(now)}
    offered = {str(month) for month in months}
    chosen = {
        name: request.GET[name] if request.GET.get(name) in offered else shown
        for name, shown in default.items()
    }
    form = PeriodForm(chosen, months=months)
    first, last = sorted((Month.parse(chosen["first"]), Month.parse(chosen["last"])))
    return form, statement_of(ledger, first=first, last=last)


def file_name(account: Account, statement: Statement) -> str:
    return _("%(account)s %(ledger)s %(first)s 至 %(last)s") % {
        "account": account.code,
        "ledger": ledger_name(statement.ledger),
        "first": statement.first,
        "last": statement.last,
    }


def context_of(
    request: HttpRequest, account: Account, statement: Statement, page: ListPage
) -> dict[str, Any]:
    ledger = statement.ledger
    expired = ledger.expires_on is not None and ledger.expires_on < clock.today()
    parts = list(ledger.releases.select_related("target__account").order_by("month", "id"))
    to_come = [part for part in parts if part.state == LedgerRelease.State.TO_COME]
    return {
        "account": account,
        "name": reach.account_name(account),
        "holder": shown_name(account.owner),
        "ledger": ledger,
        "title": ledger_name(ledger),
        "scope": scope_words(ledger),
        "named": _named(ledger),
        "expired": expired,
        "may_free": expired
        and access.can(request.user, "ledger.grant")
        and bool(ledger.cash_fen or any(part.money == "cash" for part in to_come)),
        "parts": [(part, ledger_name(part.target)) for part in parts],
        "to_come_fen": sum(part.amount_fen for part in to_come),
        "balance_fen": ledger.cash_fen + ledger.gift_fen,
        "statement": statement,
        "list": page,
        "rows": [(line, matter_of(line), note_of(line), money_of(line)) for line in page.rows],
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (ledger_name(ledger), ""),
        ],
    }


def _page(request: HttpRequest, lines: Iterable[StatementLine], form: PeriodForm) -> ListPage:
    rows = StatementRows(lines)
    return ListPage(request, rows, columns=COLUMNS, sort="at", form=form, per_page=100)


def _named(ledger: Ledger) -> list[str]:
    """The numbers of the subscriptions that the scope names, masked."""
    found = Subscription.objects.filter(pk__in=ledger.scope_subscriptions or ())
    return [
        masked_number(number) for number in found.order_by("pk").values_list("number", flat=True)
    ]
