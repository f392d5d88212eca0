"""What the lists of money moved by hand have in common: columns, filters, scope."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.views.by_hand_forms import ByHandFilterForm
from billing.views.reach import account_name
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan


def when(field: str) -> Column:
    """The moment that orders the list."""
    return Column(
        name="at",
        label=gettext_lazy("时间"),
        order_by=(field, "pk"),
        value=lambda row: f"{localtime(getattr(row, field)):%Y-%m-%d %H:%M}",
    )


CODE = Column(name="code", label=gettext_lazy("编号"), order_by=("pk",), value=lambda row: row.code)
AT = when("at")
ACCOUNT = Column(
    name="account",
    label=gettext_lazy("帐户"),
    order_by=("account__code",),
    value=lambda row: row.account.code,
)
HOLDER = Column(
    name="holder", label=gettext_lazy("户名"), value=lambda row: account_name(row.account)
)
REASON = Column(name="reason", label=gettext_lazy("原因"), value=lambda row: _(row.reason.words))
AMOUNT = Column(
    name="amount",
    label=gettext_lazy("金额(元)"),
    order_by=("amount_fen",),
    value=lambda row: yuan(row.amount_fen),
    num=True,
)
BY = Column(name="by", label=gettext_lazy("经办人"), value=lambda row: str(row.by or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandList:
    """One list: its rows, how they are called, filtered and shown."""

    title: Any
    template: str
    rows: Callable[[], QuerySet[Any]]
    columns: Sequence[Column]
    prefix: str
    customer: str = "account__owner__"
    account: str = "account"
    moment: str = "at"
    states: Sequence[tuple[str, Any]] = ()
    in_state: Callable[[str], Q] | None = None
    means: Sequence[tuple[str, Any]] = ()


def shown(request: HttpRequest, one: ByHandList) -> HttpResponse:
    """The list as this person sees it, or its file."""
    form = ByHandFilterForm(request.GET or None, states=one.states, means=one.means)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(one.rows().filter(in_scope(request.user, customer=one.customer)), asked, one)
    page = ListPage(request, rows, columns=one.columns, sort="-at", form=form)
    if export := page.exported(str(one.title)):
        return export
    return render_part(
        request,
        one.template,
        "list",
        {
            "list": page,
            "title": one.title,
            "rows": [(row, account_name(getattr(row, one.account))) for row in page.rows],
        },
    )


def _filtered(rows: QuerySet[Any], asked: dict[str, Any], one: ByHandList) -> QuerySet[Any]:
    if asked.get("since"):
        rows = rows.filter(**{f"{one.moment}__date__gte": asked["since"]})
    if asked.get("until"):
        rows = rows.filter(**{f"{one.moment}__date__lte": asked["until"]})
    if asked.get("state") and one.in_state is not None:
        rows = rows.filter(one.in_state(asked["state"]))
    if asked.get("means"):
        rows = rows.filter(means=asked["means"])
    if text := (asked.get("q") or "").strip().upper():
        wanted = Q(**{f"{one.account}__code__iexact": text})
        number = text.removeprefix(one.prefix) if one.prefix else ""
        if number.isdecimal() and len(number) <= 12:
            wanted |= Q(pk=int(number))
        rows = rows.filter(wanted)
    return rows
