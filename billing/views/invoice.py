"""发票: its lines with their tax, what became of it, and its red ones."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import BillLine, Invoice, InvoiceLine
from billing.queries.invoicing import state_of, with_state
from billing.rules.invoice_parts import PREPAID_ITEM
from billing.views.invoice_reach import buyer_name, invoice_or_404
from bss.kernel import access
from bss.kernel.access import requires


@requires("invoice.view")
def invoice_page(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The invoice whole."""
    invoice = invoice_or_404(request.user, invoice_id)
    state = state_of(invoice)
    open_to_reds = state in ("issued", "partly_reversed")
    return render(
        request,
        "billing/invoice.html",
        {
            **invoice_facts(invoice),
            "buyer": buyer_name(invoice),
            "state": state,
            "reds": state_rows(with_state(invoice.reds.select_related("book")).order_by("pk")),
            "may_reverse": open_to_reds and access.can(request.user, "invoice.reverse"),
            "crumbs": [(_("发票"), reverse("billing:invoices")), (invoice.full_number, "")],
        },
    )


def invoice_facts(invoice: Invoice) -> dict[str, Any]:
    """What the page and the paper both show."""
    lines = InvoiceLine.objects.filter(invoice=invoice).select_related("red").order_by("position")
    return {
        "invoice": invoice,
        "account": invoice.account,
        "rows": [(line, item_name(line), rate_name(line)) for line in lines],
    }


def item_name(line: InvoiceLine) -> str:
    """The charge in words."""
    if line.item == PREPAID_ITEM:
        return _("预存话费")
    return _(dict(BillLine.Item.choices).get(line.item, line.item))


def rate_name(line: InvoiceLine) -> str:
    """The rate as an invoice says it."""
    if line.item == PREPAID_ITEM:
        return _("不征税")
    return _("按帐单") if line.tax_percent is None else f"{line.tax_percent}%"


def state_rows(invoices: Any) -> list[tuple[Any, str]]:
    return [(invoice, state_of(invoice)) for invoice in invoices]
