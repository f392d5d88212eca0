"""The electronic invoice: one structure that goes out as JSON and as XML (docs/e-invoice.md)."""

from typing import Any
from xml.etree import ElementTree as Xml

from django.utils.timezone import localtime

from billing.models import BillLine, Invoice, InvoiceLine
from billing.rules.invoice_parts import PREPAID_ITEM
from bss.kernel.periods import Month
from bss.kernel.units import yuan

NAMESPACE = "urn:wo-bss:e-invoice:1"
ITEM_NAMES = {**dict(BillLine.Item.choices), PREPAID_ITEM: "预存话费"}


def e_invoice(invoice: Invoice) -> dict[str, Any]:
    """The invoice as it goes out; amounts are yuan as text with two digits, red ones negative."""
    book, bill, origin = invoice.book, invoice.bill, invoice.reverses
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    return {
        "schema": NAMESPACE,
        "invoiceNumber": invoice.full_number,
        "kind": invoice.kind,
        "issuedAt": localtime(invoice.issued_at).isoformat(timespec="seconds"),
        "currency": "CNY",
        "seller": {"name": book.seller_name, "taxNumber": book.seller_tax_number},
        "buyer": {"name": invoice.buyer_name, "taxNumber": invoice.buyer_tax_number},
        "accountCode": invoice.account.code,
        "businessNumber": invoice.business_number,
        "billMonth": str(Month.of(bill.month)) if bill and bill.month else "",
        "reverses": origin.full_number if origin else "",
        "reason": invoice.reason,
        "lines": [_line(line) for line in lines],
        "total": _amounts(invoice),
    }


def as_xml(document: dict[str, Any]) -> bytes:
    """The same structure as XML: an element for each name, ``line`` repeated in ``lines``."""
    root = Xml.Element("eInvoice", {"xmlns": NAMESPACE})
    for name, value in document.items():
        if name != "schema":
            _append(root, name, value)
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _append(parent: Xml.Element, name: str, value: Any) -> None:
    element = Xml.SubElement(parent, name)
    if isinstance(value, dict):
        for key, part in value.items():
            _append(element, key, part)
    elif isinstance(value, list):
        for part in value:
            _append(element, "line", part)
    else:
        element.text = str(value)


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "item": line.item,
        "name": str(ITEM_NAMES.get(line.item, line.item)),
        "serviceNumber": line.number,
        "taxTreatment": treatment_of(line),
        "taxRate": "" if line.tax_percent is None else f"{line.tax_percent}%",
        **_amounts(line),
    }


def treatment_of(line: InvoiceLine) -> str:
    """``taxed`` at its rate; ``not_taxed``: a prepayment; ``as_billed``: of several rates."""
    if line.item == PREPAID_ITEM:
        return "not_taxed"
    return "as_billed" if line.tax_percent is None else "taxed"


def _amounts(of: Invoice | InvoiceLine) -> dict[str, str]:
    return {
        "netAmount": yuan(of.net_fen),
        "taxAmount": yuan(of.tax_fen),
        "grossAmount": yuan(of.amount_fen),
    }
