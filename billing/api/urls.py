from django.urls import path

from billing.api.views import BillList, BillOne
from bss.kernel.api.official import base_path

BASE = base_path("TMF678")

urlpatterns = [
    path(f"{BASE}/customerBill", BillList.as_view(), name="tmf678-customer-bill-list"),
    path(f"{BASE}/customerBill/<str:id>", BillOne.as_view(), name="tmf678-customer-bill"),
]
