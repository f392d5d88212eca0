"""The invoice to hand over: PDF to read, JSON and XML to book (docs/e-invoice.md)."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from billing.models import Invoice
from billing.queries.e_invoice import as_xml, e_invoice
from billing.views.invoice import invoice_facts
from billing.views.invoice_reach import invoice_or_404
from bss.kernel import audit, clock
from bss.kernel.access import requires
from bss.kernel.pages.paper import hand_out


@requires("invoice.view")
def invoice_pdf(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """A copy to read, and marked so; what is booked is the structured file."""
    invoice = invoice_or_404(request.user, invoice_id)
    printed_at = localtime(clock.now())
    return hand_out(
        request,
        "papers/invoice.html",
        {
            **invoice_facts(invoice),
            "buyer": invoice.buyer_name,
            "printed_at": printed_at,
            "printed_by": request.user,
        },
        file_name=_name(invoice, "pdf"),
        customer_ids=[invoice.account.owner_id],
        at=printed_at,
        detail={"invoice": invoice.full_number},
        back=reverse("billing:invoice", args=[invoice_id]),
        language="zh-hans",
    )


@requires("invoice.view")
def invoice_json(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """By docs/schemas/e-invoice.schema.json."""
    invoice = invoice_or_404(request.user, invoice_id)
    text = json.dumps(e_invoice(invoice), ensure_ascii=False, indent=2)
    return _file(invoice, text.encode(), "json", "application/json")


@requires("invoice.view")
def invoice_xml(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """By docs/schemas/e-invoice.xsd."""
    invoice = invoice_or_404(request.user, invoice_id)
    return _file(invoice, as_xml(e_invoice(invoice)), "xml", "application/xml")


def _file(invoice: Invoice, content: bytes, kind: str, content_type: str) -> HttpResponse:
    """It goes out with the buyer in clear, which the audit is told."""
    audit.read_personal(
        kind="export",
        customer_ids=[invoice.account.owner_id],
        at=clock.now(),
        detail={"invoice": invoice.full_number},
    )
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{_name(invoice, kind)}"'},
    )


def _name(invoice: Invoice, kind: str) -> str:
    return f"invoice-{invoice.full_number}.{kind}"
