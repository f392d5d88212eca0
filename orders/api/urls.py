from django.urls import path

from bss.kernel.api.official import base_path
from orders.api.views import OrderList, OrderOne

BASE = base_path("TMF622")

urlpatterns = [
    path(f"{BASE}/productOrder", OrderList.as_view(), name="tmf622-product-order-list"),
    path(f"{BASE}/productOrder/<str:id>", OrderOne.as_view(), name="tmf622-product-order"),
]
