"""红冲: an invoice or lines of it are taken back; from a limit on a second person decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.invoice_kinds import REVERSE
from billing.models import Invoice
from billing.queries.invoicing import state_of
from billing.services import invoice_reds
from billing.views.invoice import invoice_facts
from billing.views.invoice_forms import RedForm
from billing.views.invoice_reach import buyer_name, invoice_or_404
from billing.views.invoice_split import form_key
from bss.kernel import approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.units import yuan

TEMPLATE = "billing/invoice_red.html"


@requires("invoice.reverse")
def red_page(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The form; no line ticked is all of them."""
    invoice = invoice_or_404(request.user, invoice_id)
    form = RedForm(request.POST or None)
    context = _context(invoice, form, request.POST.getlist("line"))
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    lines = [int(line) for line in request.POST.getlist("line") if line.isdecimal()] or None
    try:
        return _take_back(request, invoice, lines, reason=form.cleaned_data["reason"])
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)


def _take_back(
    request: HttpRequest, invoice: Invoice, line_ids: list[int] | None, *, reason: str
) -> HttpResponse:
    rows = invoice_reds.lines_to_reverse(invoice, line_ids)
    if invoice_reds.needs_approval(sum(row.amount_fen for row in rows)):
        approval = approvals.ask(
            kind=REVERSE,
            payload={"invoice_id": invoice.pk, "line_ids": [row.pk for row in rows]},
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=reason,
        )
        return redirect("oversight:approval", pk=approval.pk)
    red = invoice_reds.reverse(
        invoice_id=invoice.pk,
        line_ids=line_ids,
        reason=reason,
        key=form_key(request),
        at=clock.now(),
        by_id=request.user.pk,
    )
    messages.success(request, _("已红冲 %(amount)s 元。") % {"amount": yuan(-red.amount_fen)})
    return redirect("billing:invoice", invoice_id=red.pk)


def _context(invoice: Any, form: RedForm, chosen: list[str]) -> dict[str, Any]:
    return {
        **invoice_facts(invoice),
        "form": form,
        "chosen": chosen,
        "buyer": buyer_name(invoice),
        "state": state_of(invoice),
        "left_fen": invoice.amount_fen - invoice.red_fen,
        "limit_fen": invoice_reds.APPROVE_REDS_FROM_FEN,
        "crumbs": [
            (_("发票"), reverse("billing:invoices")),
            (invoice.full_number, reverse("billing:invoice", args=[invoice.pk])),
            (_("红冲"), ""),
        ],
    }
