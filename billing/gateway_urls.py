"""The addresses of online gateways: QR orders, the open door, and the daily reconciliation."""

from django.urls import path

from billing.views.gateway_notice import hear
from billing.views.qr_list import qr_list
from billing.views.qr_order import accept_qr, close_qr, look_at_qr, new_qr, qr_page, qr_slip
from billing.views.reconciliation import book_all_lines, reconciliation_page
from billing.views.reconciliation_line import (
    ask_line,
    book_line,
    line_page,
    note_line,
    reverse_line,
)
from billing.views.reconciliation_list import new_reconciliation, reconciliation_list

DAY = "reconciliations/<int:reconciliation_id>"
LINE = "reconciliations/lines/<int:line_id>"

urlpatterns = [
    path("accounts/<str:code>/qr", new_qr, name="qr_new"),
    path("qr/", qr_list, name="qr_orders"),
    path("qr/<str:number>", qr_page, name="qr"),
    path("qr/<str:number>/look", look_at_qr, name="qr_look"),
    path("qr/<str:number>/close", close_qr, name="qr_close"),
    path("qr/<str:number>/accept", accept_qr, name="qr_accept"),
    path("qr/<str:number>/slip", qr_slip, name="qr_slip"),
    path("gateways/<str:name>/notice", hear, name="gateway_notice"),
    path("reconciliations/", reconciliation_list, name="reconciliations"),
    path("reconciliations/new", new_reconciliation, name="new_reconciliation"),
    path(DAY, reconciliation_page, name="reconciliation"),
    path(f"{DAY}/book", book_all_lines, name="book_all_lines"),
    path(LINE, line_page, name="reconciliation_line"),
    path(f"{LINE}/book", book_line, name="book_line"),
    path(f"{LINE}/ask", ask_line, name="ask_line"),
    path(f"{LINE}/note", note_line, name="note_line"),
    path(f"{LINE}/reverse", reverse_line, name="reverse_line"),
]
