"""A debit batch 托收批次: its file for the bank, and line by line what the bank answered."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import DebitBatch, DebitLine
from billing.rules.banks import ANSWERS
from billing.services import debit_batches
from billing.views import bank_rooms
from billing.views.bank_forms import DebitFilterForm
from billing.views.debit_list import with_figures
from bss.kernel import access, audit, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/debit_batch.html"
COLUMNS = (
    Column(
        name="position",
        label=gettext_lazy("序号"),
        order_by=("position",),
        value=lambda line: line.position,
        num=True,
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda line: line.account.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("account__owner__name",),
        value=lambda line: shown_name(line.account.owner),
    ),
    Column(
        name="amount",
        label=gettext_lazy("金额(元)"),
        order_by=("amount_fen",),
        value=lambda line: yuan(line.amount_fen),
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("结果"),
        order_by=("state",),
        value=lambda line: _(line.get_state_display()),
    ),
    Column(name="reason", label=gettext_lazy("失败原因"), value=lambda line: answer_of(line)),
    Column(
        name="reference",
        label=gettext_lazy("银行流水号"),
        order_by=("reference",),
        value=lambda line: line.reference,
    ),
)


@requires("bank.view")
def batch_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The batch and those of its lines whose customers this person reaches."""
    page, context = _shown(request, batch_id)
    if export := page.exported(context["batch"].code):
        return export
    return render_part(request, TEMPLATE, "list", context)


@require_POST
@requires("bank.handle")
def export_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The file for the bank, with account numbers in clear; the first time it counts as sent."""
    batch = get_object_or_404(DebitBatch, pk=batch_id)
    try:
        content = debit_batches.export(batch_id=batch.pk, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _shown(request, batch_id)[1], refused=refused)
    owners = batch.lines.values_list("account__owner_id", flat=True)
    audit.read_personal(kind="export", customer_ids=owners, at=clock.now(), reason=batch.code)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = debit_batches.file_name(batch)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@requires("bank.handle")
def end_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give up a batch that was not sent, or close one that the bank answers no more."""
    batch = get_object_or_404(DebitBatch, pk=batch_id)
    is_close = request.POST.get("act") == "close"
    act = debit_batches.close if is_close else debit_batches.withdraw
    try:
        act(batch_id=batch.pk, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _shown(request, batch_id)[1], refused=refused)
    messages.success(request, _("批次已关闭。") if is_close else _("批次已作废。"))
    return redirect("billing:debit_batch", batch_id=batch.pk)


def answer_of(line: DebitLine) -> str:
    """Why the bank refused, in words."""
    if line.state != DebitLine.State.REFUSED:
        return ""
    return _(ANSWERS.get(line.reason, line.reason))


def _shown(request: HttpRequest, batch_id: int) -> tuple[ListPage, dict[str, Any]]:
    batch = get_object_or_404(with_figures(), pk=batch_id)
    form = DebitFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    lines = DebitLine.objects.filter(
        in_scope(request.user, customer="account__owner__"), batch=batch
    ).select_related("account__owner", "mandate")
    page = ListPage(request, _filtered(lines, asked), columns=COLUMNS, sort="position", form=form)
    return page, {
        "list": page,
        "batch": batch,
        "bank": bank_rooms.bank_of(batch),
        "rows": [(line, shown_name(line.account.owner), answer_of(line)) for line in page.rows],
        "answers": batch.answers.order_by("pk"),
        "may_handle": access.can(request.user, "bank.handle"),
        "may_see_accounts": access.can(request.user, "account.view"),
        "crumbs": bank_rooms.crumbs((_("托收批次"), reverse("billing:debits")), (batch.code, "")),
    }


def _filtered(lines: QuerySet[DebitLine], asked: dict[str, Any]) -> QuerySet[DebitLine]:
    if asked.get("state"):
        lines = lines.filter(state=asked["state"])
    if text := (asked.get("q") or "").strip():
        lines = lines.filter(
            Q(account__code__iexact=text)
            | Q(account__owner__name__icontains=text)
            | Q(reference=text)
        )
    return lines
