"""Which invoices a member of staff reaches; one outside is not there (404)."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from billing.models import Invoice, Payment
from billing.queries.invoicing import with_state
from bss.kernel.masking import masked_name, masked_number
from bss.kernel.scope import in_scope
from customers.models import Customer


def invoices_reached_by(staff: Any) -> QuerySet[Any]:
    """With ``red_fen`` and what lists and pages show of them."""
    found = Invoice.objects.filter(in_scope(staff, customer="account__owner__"))
    rows: QuerySet[Any] = with_state(found).select_related(
        "book", "account__owner", "bill", "payment", "by", "reverses__book"
    )
    return rows


def invoice_or_404(staff: Any, invoice_id: int) -> Any:
    """Raises: Http404 when there is none, or it is another manager's."""
    invoice = invoices_reached_by(staff).filter(pk=invoice_id).first()
    if invoice is None:
        raise Http404(f"no invoice {invoice_id}")
    return invoice


def payment_or_404(staff: Any, payment_id: int) -> Payment:
    """Raises: Http404 when there is none, or it is another manager's."""
    found = Payment.objects.filter(in_scope(staff, customer="account__owner__"), pk=payment_id)
    payment = found.select_related("account__owner").first()
    if payment is None:
        raise Http404(f"no payment {payment_id}")
    return payment


def buyer_name(invoice: Invoice) -> str:
    """The buyer as pages name it; persons are masked, the invoice itself says it whole."""
    if invoice.account.owner.kind == Customer.Kind.INDIVIDUAL:
        return masked_name(invoice.buyer_name)
    return invoice.buyer_name


def number_shown(invoice: Invoice) -> str:
    """The business number as lists name it; the invoice itself says it whole."""
    return masked_number(invoice.business_number)
