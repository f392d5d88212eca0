from django.urls import path

from billing.bank_urls import urlpatterns as bank_addresses
from billing.books_urls import urlpatterns as books_addresses
from billing.by_hand_urls import urlpatterns as by_hand_addresses
from billing.credit_urls import urlpatterns as credit_addresses
from billing.gateway_urls import urlpatterns as gateway_addresses
from billing.invoice_urls import urlpatterns as invoice_addresses
from billing.month_urls import urlpatterns as month_addresses
from billing.rerating_urls import urlpatterns as rerating_addresses
from billing.views.account import account_page
from billing.views.account_list import account_list
from billing.views.bill import bill_page
from billing.views.bill_line import bill_line
from billing.views.bill_list import bill_list
from billing.views.bill_paper import bill_pdf
from billing.views.cash_desk import till_page
from billing.views.hall_day import hall_day_page
from billing.views.handover import handover_list, handover_page, pack_page
from billing.views.payment import pay_page, reverse_payment
from billing.views.receipt import print_receipt, receipt_page, receipt_pdf, receipt_slip
from billing.views.shift import confirm_shift, count_page, day_close_pdf, shift_page
from billing.views.shift_list import shift_list
from billing.views.special_ledger import open_ledger

app_name = "billing"

urlpatterns = [
    path("", account_list, name="list"),
    path("accounts/<str:code>", account_page, name="account"),
    path("accounts/<str:code>/pay", pay_page, name="pay"),
    path("accounts/<str:code>/ledgers/new", open_ledger, name="open_ledger"),
    path("payments/<int:payment_id>/reverse", reverse_payment, name="reverse"),
    path("till/", till_page, name="till"),
    path("till/shifts/", shift_list, name="shifts"),
    path("till/shifts/<int:shift_id>", shift_page, name="shift"),
    path("till/shifts/<int:shift_id>.pdf", day_close_pdf, name="day_close_pdf"),
    path("till/shifts/<int:shift_id>/count", count_page, name="count_shift"),
    path("till/shifts/<int:shift_id>/confirm", confirm_shift, name="confirm_shift"),
    path("till/halls/<str:code>/hand-over", pack_page, name="pack"),
    path("till/halls/<str:code>/<str:day>", hall_day_page, name="hall_day"),
    path("till/handovers/", handover_list, name="handovers"),
    path("till/handovers/<int:handover_id>", handover_page, name="handover"),
    path("receipts/<int:receipt_id>", receipt_page, name="receipt"),
    path("receipts/<int:receipt_id>/print", print_receipt, name="print_receipt"),
    path("receipts/<int:receipt_id>/prints/<int:number>", receipt_slip, name="receipt_slip"),
    path("receipts/<int:receipt_id>/prints/<int:number>.pdf", receipt_pdf, name="receipt_pdf"),
    path("bills/", bill_list, name="bills"),
    path("bills/<int:bill_id>.pdf", bill_pdf, name="bill_pdf"),
    path("bills/<int:bill_id>", bill_page, name="bill"),
    path("bills/<int:bill_id>/lines/<int:line_id>", bill_line, name="bill_line"),
    *books_addresses,
    *gateway_addresses,
    *credit_addresses,
    *invoice_addresses,
    *by_hand_addresses,
    *bank_addresses,
    *rerating_addresses,
    *month_addresses,
]
