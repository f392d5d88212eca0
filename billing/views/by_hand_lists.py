"""The lists of money moved by hand: refunds, transfers, write-offs, corrections, promises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Adjustment, Promise, Refund, Transfer
from billing.queries.written_off import recovery_state, write_offs
from billing.views.by_hand_forms import ByHandFilterForm
from billing.views.reach import account_name
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

WRITE_OFF_STATES = {
    "open": gettext_lazy("未收回"),
    "partly_recovered": gettext_lazy("部分收回"),
    "recovered": gettext_lazy("已收回"),
}


def _when(field: str) -> Column:
    return Column(
        name="at",
        label=gettext_lazy("时间"),
        order_by=(field, "pk"),
        value=lambda row: f"{localtime(getattr(row, field)):%Y-%m-%d %H:%M}",
    )


CODE = Column(name="code", label=gettext_lazy("编号"), order_by=("pk",), value=lambda row: row.code)
AT = _when("at")
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


REFUNDS = ByHandList(
    title=gettext_lazy("退款"),
    template="billing/refund_list.html",
    rows=lambda: Refund.objects.select_related("account__owner", "reason", "by"),
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        Column(
            name="means",
            label=gettext_lazy("方式"),
            order_by=("means",),
            value=lambda row: _(row.get_means_display()),
        ),
        REASON,
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("state",),
            value=lambda row: _(row.get_state_display()),
        ),
        BY,
    ),
    prefix="TK",
    states=Refund.State.choices,
    in_state=lambda state: Q(state=state),
)
TRANSFERS = ByHandList(
    title=gettext_lazy("余额转帐"),
    template="billing/transfer_list.html",
    rows=lambda: Transfer.objects.select_related("source__owner", "target", "reason", "by"),
    columns=(
        CODE,
        AT,
        Column(
            name="source",
            label=gettext_lazy("转出帐户"),
            order_by=("source__code",),
            value=lambda row: row.source.code,
        ),
        Column(
            name="target",
            label=gettext_lazy("转入帐户"),
            order_by=("target__code",),
            value=lambda row: row.target.code,
        ),
        REASON,
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("reversed_at",),
            value=lambda row: _("已撤销") if row.reversed_at else _("已转帐"),
        ),
        BY,
    ),
    prefix="ZZ",
    customer="source__owner__",
    account="source",
    states=(("stands", "已转帐"), ("reversed", "已撤销")),
    in_state=lambda state: Q(reversed_at__isnull=state == "stands"),
)
WRITE_OFFS = ByHandList(
    title=gettext_lazy("坏帐核销"),
    template="billing/write_off_list.html",
    rows=write_offs,
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        REASON,
        AMOUNT,
        Column(
            name="recovered",
            label=gettext_lazy("已收回(元)"),
            order_by=("recovered_fen",),
            value=lambda row: yuan(row.recovered_fen),
            num=True,
        ),
        Column(
            name="state",
            label=gettext_lazy("状态"),
            value=lambda row: str(WRITE_OFF_STATES[recovery_state(row)]),
        ),
        BY,
    ),
    prefix="HX",
    states=tuple(WRITE_OFF_STATES.items()),
    in_state={
        "open": Q(recovered_fen=0),
        "partly_recovered": Q(recovered_fen__gt=0, recovered_fen__lt=F("amount_fen")),
        "recovered": Q(recovered_fen=F("amount_fen")),
    }.__getitem__,
)
ADJUSTMENTS = ByHandList(
    title=gettext_lazy("调帐"),
    template="billing/adjustment_list.html",
    rows=lambda: Adjustment.objects.select_related(
        "account__owner", "reason", "by", "bill_line__bill"
    ),
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        Column(
            name="month",
            label=gettext_lazy("记入月份"),
            order_by=("month", "pk"),
            value=lambda row: f"{row.month:%Y-%m}",
        ),
        REASON,
        AMOUNT,
        Column(
            name="tax",
            label=gettext_lazy("其中税额(元)"),
            value=lambda row: yuan(row.tax_fen),
            num=True,
        ),
        BY,
    ),
    prefix="TZ",
    states=(("credit", "减免"), ("debit", "补收")),
    in_state=lambda state: Q(amount_fen__lt=0) if state == "credit" else Q(amount_fen__gt=0),
)
PROMISES = ByHandList(
    title=gettext_lazy("承诺缴费"),
    template="billing/promise_list.html",
    rows=lambda: Promise.objects.select_related("account__owner", "made_by"),
    columns=(
        _when("made_at"),
        ACCOUNT,
        HOLDER,
        Column(
            name="until",
            label=gettext_lazy("承诺日期"),
            order_by=("until", "pk"),
            value=lambda row: row.until,
        ),
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("outcome",),
            value=lambda row: _(row.get_outcome_display()),
        ),
        Column(name="by", label=gettext_lazy("经办人"), value=lambda row: str(row.made_by or "")),
    ),
    prefix="",
    moment="made_at",
    states=Promise.Outcome.choices,
    in_state=lambda state: Q(outcome=state),
)


def _shown(request: HttpRequest, one: ByHandList) -> HttpResponse:
    form = ByHandFilterForm(request.GET or None, states=one.states)
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
    if text := (asked.get("q") or "").strip().upper():
        wanted = Q(**{f"{one.account}__code__iexact": text})
        number = text.removeprefix(one.prefix) if one.prefix else ""
        if number.isdecimal() and len(number) <= 12:
            wanted |= Q(pk=int(number))
        rows = rows.filter(wanted)
    return rows


@requires("account.view")
def refund_list(request: HttpRequest) -> HttpResponse:
    """What was given back, and what the bank still has to pay."""
    return _shown(request, REFUNDS)


@requires("account.view")
def transfer_list(request: HttpRequest) -> HttpResponse:
    """What was moved between accounts."""
    return _shown(request, TRANSFERS)


@requires("account.view")
def write_off_list(request: HttpRequest) -> HttpResponse:
    """What was given up, and what of it came in after all."""
    return _shown(request, WRITE_OFFS)


@requires("account.view")
def adjustment_list(request: HttpRequest) -> HttpResponse:
    """What was corrected on later bills."""
    return _shown(request, ADJUSTMENTS)


@requires("account.view")
def promise_list(request: HttpRequest) -> HttpResponse:
    """Who will pay until when, who did, who did not."""
    return _shown(request, PROMISES)
