"""The addresses of money that is moved by hand."""

from django.urls import path

from billing.views.adjustment import adjust_account, adjust_line, adjustment_page, adjustment_pdf
from billing.views.adjustment_list import adjustment_list
from billing.views.promise import promise_new, withdraw_promise
from billing.views.promise_list import promise_list
from billing.views.reason_list import reason_list, retire_reason
from billing.views.refund import refund_new, refund_page, refund_pdf, return_refund, settle_refund
from billing.views.refund_at_gateway import ask_refund, give_up_refund
from billing.views.refund_list import refund_list
from billing.views.transfer import reverse_transfer, transfer_new, transfer_page
from billing.views.transfer_list import transfer_list
from billing.views.write_off import recover, write_off_new, write_off_page
from billing.views.write_off_list import write_off_list

urlpatterns = [
    path("accounts/<str:code>/refund", refund_new, name="refund_new"),
    path("refunds/", refund_list, name="refunds"),
    path("refunds/<int:refund_id>", refund_page, name="refund"),
    path("refunds/<int:refund_id>.pdf", refund_pdf, name="refund_pdf"),
    path("refunds/<int:refund_id>/settle", settle_refund, name="settle_refund"),
    path("refunds/<int:refund_id>/return", return_refund, name="return_refund"),
    path("refunds/<int:refund_id>/ask", ask_refund, name="ask_refund"),
    path("refunds/<int:refund_id>/give-up", give_up_refund, name="give_up_refund"),
    path("accounts/<str:code>/transfer", transfer_new, name="transfer_new"),
    path("transfers/", transfer_list, name="transfers"),
    path("transfers/<int:transfer_id>", transfer_page, name="transfer"),
    path("transfers/<int:transfer_id>/reverse", reverse_transfer, name="reverse_transfer"),
    path("accounts/<str:code>/write-off", write_off_new, name="write_off_new"),
    path("write-offs/", write_off_list, name="write_offs"),
    path("write-offs/<int:write_off_id>", write_off_page, name="write_off"),
    path("write-offs/<int:write_off_id>/recover", recover, name="recover"),
    path("accounts/<str:code>/adjust", adjust_account, name="adjust_account"),
    path("bills/<int:bill_id>/lines/<int:line_id>/adjust", adjust_line, name="adjust_line"),
    path("adjustments/", adjustment_list, name="adjustments"),
    path("adjustments/<int:adjustment_id>", adjustment_page, name="adjustment"),
    path("adjustments/<int:adjustment_id>.pdf", adjustment_pdf, name="adjustment_pdf"),
    path("accounts/<str:code>/promise", promise_new, name="promise_new"),
    path("promises/", promise_list, name="promises"),
    path("promises/<int:promise_id>/withdraw", withdraw_promise, name="withdraw_promise"),
    path("reasons/", reason_list, name="reasons"),
    path("reasons/<int:reason_id>/retire", retire_reason, name="retire_reason"),
]
