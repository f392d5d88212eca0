"""The addresses of online gateways: QR orders, the open door, and the daily reconciliation."""

from django.urls import path

from billing.views.gateway_notice import hear
from billing.views.qr_list import qr_list
from billing.views.qr_order import accept_qr, close_qr, look_at_qr, new_qr, qr_page, qr_slip

urlpatterns = [
    path("accounts/<str:code>/qr", new_qr, name="qr_new"),
    path("qr/", qr_list, name="qr_orders"),
    path("qr/<str:number>", qr_page, name="qr"),
    path("qr/<str:number>/look", look_at_qr, name="qr_look"),
    path("qr/<str:number>/close", close_qr, name="qr_close"),
    path("qr/<str:number>/accept", accept_qr, name="qr_accept"),
    path("qr/<str:number>/slip", qr_slip, name="qr_slip"),
    path("gateways/<str:name>/notice", hear, name="gateway_notice"),
]
