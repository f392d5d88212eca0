from django.urls import path

from bss.kernel.api.official import base_path
from customers.api.views import CustomerList, CustomerOne

BASE = base_path("TMF629")

urlpatterns = [
    path(f"{BASE}/customer", CustomerList.as_view(), name="tmf629-customer-list"),
    path(f"{BASE}/customer/<str:id>", CustomerOne.as_view(), name="tmf629-customer"),
]
