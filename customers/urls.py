from django.urls import path, re_path

from customers.views.check import check
from customers.views.correct import correct
from customers.views.customer_list import customer_list
from customers.views.register import register

app_name = "customers"

urlpatterns = [
    path("", customer_list, name="list"),
    path("new", register, name="register"),
    path("check", check, name="check"),
    re_path(r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/correct$", correct, name="correct"),
]
