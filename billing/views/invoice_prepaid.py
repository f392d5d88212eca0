"""预存开票: money that was paid before any bill, invoiced now; later bills are reduced by it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Payment
from billing.queries.invoicing import prepaid_left
from billing.services import invoices
from billing.views.invoice_forms import PrepaymentForm
from billing.views.invoice_reach import payment_or_404
from billing.views.invoice_split import form_key, initial_buyer, numbers_of
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/invoice_prepaid.html"


@requires("invoice.issue")
def prepaid_page(request: HttpRequest, payment_id: int) -> HttpResponse:
    """The form, filled with what of the payment can be invoiced; posting it issues."""
    payment = payment_or_404(request.user, payment_id)
    left_fen = prepaid_left(payment)
    form = PrepaymentForm(
        request.POST or None,
        initial={**initial_buyer(payment.account), "amount": yuan(left_fen) if left_fen else ""},
        **numbers_of(payment.account),
    )
    context = _context(payment, form, left_fen)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        invoice = invoices.issue_prepayment(
            payment_id=payment.pk,
            part=form.part(amount_fen=form.cleaned_data["amount"]),
            key=form_key(request),
            at=clock.now(),
            by_id=request.user.pk,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已开票 %(amount)s 元。") % {"amount": yuan(invoice.amount_fen)})
    return redirect("billing:invoice", invoice_id=invoice.pk)


def _context(payment: Payment, form: PrepaymentForm, left_fen: int) -> dict[str, Any]:
    account = payment.account
    return {
        "payment": payment,
        "account": account,
        "holder": shown_name(account.owner),
        "form": form,
        "left_fen": left_fen,
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("预存开票"), ""),
        ],
    }
