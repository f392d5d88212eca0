from django.urls import path, re_path

from bss.desk.views import saved_views
from bss.desk.views.advice import advise
from bss.desk.views.advice_limits import advice_limits
from bss.desk.views.advice_list import advice_list
from bss.desk.views.bundle import bundle_page
from bss.desk.views.bundle_list import bundle_list
from bss.desk.views.customer import customer_page, reveal

app_name = "desk"

CODE = r"(?P<code>[A-Z0-9][A-Z0-9_-]*)"
"""Upper case and digits, so that no code is taken for a page such as ``customers/new``."""

urlpatterns = [
    re_path(rf"^customers/{CODE}$", customer_page, name="customer"),
    re_path(rf"^customers/{CODE}/reveal$", reveal, name="reveal"),
    re_path(rf"^customers/{CODE}/advise$", advise, name="advise"),
    path("saved-views", saved_views.save, name="save_view"),
    path("saved-views/<int:pk>/drop", saved_views.drop, name="drop_view"),
    path("bundles/", bundle_list, name="bundles"),
    path("advice/", advice_list, name="advice"),
    path("advice/limits", advice_limits, name="advice_limits"),
    path("bundles/<str:code>", bundle_page, name="bundle"),
]
