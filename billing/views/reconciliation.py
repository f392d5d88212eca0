"""One day of a gateway: every trade with what both sides say of it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import Reconciliation, ReconciliationLine
from billing.queries.reconciled import kinds_of
from billing.services.reconciliation_bulk import book_all
from billing.views.reconciliation_forms import LineFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import Sentence
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

Kind = ReconciliationLine.Kind


def _money(amount_fen: int | None) -> str:
    return "" if amount_fen is None else yuan(amount_fen)


COLUMNS = (
    Column(
        name="line",
        label=gettext_lazy("行"),
        order_by=("line_no",),
        value=lambda line: line.line_no or "",
        num=True,
    ),
    Column(
        name="number",
        label=gettext_lazy("商户订单号"),
        order_by=("number",),
        value=lambda line: line.number,
    ),
    Column(
        name="trade",
        label=gettext_lazy("网关交易号"),
        order_by=("trade_no",),
        value=lambda line: line.trade_no,
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("order__account__code",),
        value=lambda line: line.order.account.code if line.order else "",
    ),
    Column(
        name="theirs",
        label=gettext_lazy("网关(元)"),
        order_by=("theirs_fen",),
        value=lambda line: _money(line.theirs_fen),
        num=True,
    ),
    Column(
        name="ours",
        label=gettext_lazy("我方(元)"),
        order_by=("ours_fen",),
        value=lambda line: _money(line.ours_fen),
        num=True,
    ),
    Column(
        name="kind",
        label=gettext_lazy("结果"),
        order_by=("kind",),
        value=lambda line: _(line.get_kind_display()),
    ),
    Column(
        name="action",
        label=gettext_lazy("处理"),
        order_by=("action",),
        value=lambda line: "" if line.kind == Kind.MATCHED else _(line.get_action_display()),
    ),
    Column(
        name="note",
        label=gettext_lazy("说明"),
        value=lambda line: line.note or _(line.reason) if line.reason else line.note,
        hidden=True,
    ),
)


@requires("reconciliation.view")
def reconciliation_page(request: HttpRequest, reconciliation_id: int) -> HttpResponse:
    """The lines as the statement has them; what is ours alone stands at the end."""
    reconciliation = get_object_or_404(Reconciliation, pk=reconciliation_id)
    form = LineFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = lines_reached_by(request.user).filter(reconciliation=reconciliation)
    page = ListPage(request, _filtered(rows, asked), columns=COLUMNS, sort="line", form=form)
    if export := page.exported(Sentence("网关对帐 %(day)s", day=str(reconciliation.day))):
        return export
    context = {
        "reconciliation": reconciliation,
        "kinds": [(one, Kind(one.kind).label) for one in kinds_of(reconciliation)],
        "bookable": rows.filter(
            kind=Kind.THEIRS_ONLY, action="", refund=False, order__isnull=False
        ).exists(),
        "list": page,
        "rows": page.rows,
        "may_handle": access.can(request.user, "reconciliation.handle"),
        "crumbs": [
            (_("网关对帐"), reverse("billing:reconciliations")),
            (f"{_(reconciliation.get_gateway_display())} {reconciliation.day}", ""),
        ],
    }
    return render_part(request, "billing/reconciliation.html", "list", context)


@require_POST
@requires("reconciliation.handle")
def book_all_lines(request: HttpRequest, reconciliation_id: int) -> HttpResponse:
    """Book everything of this day that has its order and its amount."""
    reconciliation = get_object_or_404(Reconciliation, pk=reconciliation_id)
    done = book_all(
        reconciliation_id=reconciliation.pk,
        at=clock.now(),
        by_id=request.user.pk,  # type: ignore[arg-type]
    )
    messages.success(request, _("已补记 %(n)s 笔。") % {"n": done})
    return redirect("billing:reconciliation", reconciliation_id=reconciliation.pk)


def lines_reached_by(staff: Any) -> QuerySet[ReconciliationLine]:
    """Lines of the accounts this person reaches, and those that are nobody's yet."""
    rows = ReconciliationLine.objects.all()
    if reached := in_scope(staff, customer="order__account__owner__"):
        rows = rows.filter(Q(order__isnull=True, payment__isnull=True) | reached)
    return rows.select_related("order__account__owner", "reconciliation", "payment__account")


def _filtered(lines: QuerySet[ReconciliationLine], asked: dict[str, Any]) -> Any:
    if asked.get("kind"):
        lines = lines.filter(kind=asked["kind"])
    if asked.get("state") == "waiting":
        lines = lines.filter(action="").exclude(kind=Kind.MATCHED)
    if asked.get("state") == "done":
        lines = lines.exclude(action="")
    if text := (asked.get("q") or "").strip():
        lines = lines.filter(
            Q(number__iexact=text) | Q(trade_no__iexact=text) | Q(order__account__code__iexact=text)
        )
    return lines
