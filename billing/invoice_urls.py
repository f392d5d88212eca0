"""The addresses of invoices."""

from django.urls import path

from billing.views.invoice import invoice_page
from billing.views.invoice_files import invoice_json, invoice_pdf, invoice_xml
from billing.views.invoice_list import invoice_list
from billing.views.invoice_prepaid import prepaid_page
from billing.views.invoice_red import red_page
from billing.views.invoice_split import split_page

urlpatterns = [
    path("bills/<int:bill_id>/invoices", split_page, name="invoice_bill"),
    path("payments/<int:payment_id>/invoice", prepaid_page, name="invoice_payment"),
    path("invoices/", invoice_list, name="invoices"),
    path("invoices/<int:invoice_id>.pdf", invoice_pdf, name="invoice_pdf"),
    path("invoices/<int:invoice_id>.json", invoice_json, name="invoice_json"),
    path("invoices/<int:invoice_id>.xml", invoice_xml, name="invoice_xml"),
    path("invoices/<int:invoice_id>", invoice_page, name="invoice"),
    path("invoices/<int:invoice_id>/reverse", red_page, name="invoice_reverse"),
]
