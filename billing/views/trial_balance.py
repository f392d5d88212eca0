"""总帐: the trial balance of a month, with the way to each subject's entries (ACC-6)."""

from operator import attrgetter
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from billing.models import BooksCheck
from billing.queries.control_room import known_months
from billing.queries.trial_balance import TrialRow, totals_of, trial_balance
from billing.rules.chart import UNLISTED
from billing.views.subjects import side_of, title_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import Sentence
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.periods import Month
from bss.kernel.units import yuan


class MonthForm(forms.Form):
    """Which month is shown; without a word, the present one."""

    is_filter = True

    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)

    def __init__(self, *args: Any, months: list[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(str(month), str(month)) for month in months]  # type: ignore[attr-defined]

    @classmethod
    def asked(cls, request: HttpRequest) -> tuple["MonthForm", Month]:
        """The form as the address fills it, and the month that it names."""
        months = known_months(until=Month.of(clock.now()))
        given = request.GET.dict()
        if given.get("month") not in {str(month) for month in months}:
            given["month"] = str(months[0])
        return cls(given, months=months), Month.parse(given["month"])


class TrialRows(list[TrialRow]):
    """Rows that a list page can order as it orders a queryset."""

    def order_by(self, *names: str) -> "TrialRows":
        rows = TrialRows(self)
        for name in reversed([name for name in names if name != "pk"]):
            rows.sort(key=attrgetter(name.lstrip("-")), reverse=name.startswith("-"))
        return rows


def _money(name: str, label: Any, value: Any) -> Column:
    return Column(name=name, label=label, value=value, num=True)


def _debit(fen: int) -> str:
    return yuan(max(0, -fen))


def _credit(fen: int) -> str:
    return yuan(max(0, fen))


COLUMNS = (
    Column(
        name="code",
        label=gettext_lazy("科目编号"),
        order_by=("subject.code",),
        value=lambda row: row.subject.code,
    ),
    Column(name="title", label=gettext_lazy("科目"), value=lambda row: title_of(row.subject)),
    Column(name="side", label=gettext_lazy("类别"), value=lambda row: side_of(row.subject)),
    _money("open_d", gettext_lazy("期初借方(元)"), lambda row: _debit(row.opening_fen)),
    _money("open_c", gettext_lazy("期初贷方(元)"), lambda row: _credit(row.opening_fen)),
    _money("debit", gettext_lazy("本期借方(元)"), lambda row: yuan(row.debit_fen)),
    _money("credit", gettext_lazy("本期贷方(元)"), lambda row: yuan(row.credit_fen)),
    _money("close_d", gettext_lazy("期末借方(元)"), lambda row: _debit(row.closing_fen)),
    _money("close_c", gettext_lazy("期末贷方(元)"), lambda row: _credit(row.closing_fen)),
)


@requires("books.view")
def trial_balance_page(request: HttpRequest) -> HttpResponse:
    """The month's balance of every subject; both sides are equal, to the fen."""
    form, month = MonthForm.asked(request)
    rows = trial_balance(month)
    page = ListPage(request, TrialRows(rows), columns=COLUMNS, sort="code", form=form)
    if export := page.exported(Sentence("试算平衡 %(month)s", month=month)):
        return export
    return render(
        request,
        "billing/trial_balance.html",
        {
            "list": page,
            "month": month,
            "rows": [
                {
                    "row": row,
                    "title": title_of(row.subject),
                    "side": side_of(row.subject),
                    "listed": row.subject.code != UNLISTED,
                    "figures": _both_sides(row),
                }
                for row in rows
            ],
            "totals": totals_of(rows),
            "last_check": BooksCheck.objects.first(),
            "may_check": access.can(request.user, "books.check"),
        },
    )


def _both_sides(row: TrialRow) -> list[int]:
    """Debit and credit of opening, month and closing; 0 is shown as a dash."""
    return [
        max(0, -row.opening_fen),
        max(0, row.opening_fen),
        row.debit_fen,
        row.credit_fen,
        max(0, -row.closing_fen),
        max(0, row.closing_fen),
    ]
