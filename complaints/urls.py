from django.urls import path, re_path

from complaints.views.case_list import bulk_dispatch, case_list
from complaints.views.case_new import case_new
from complaints.views.case_page import case_page, case_step

app_name = "complaints"

ACTIONS = "dispatch|reply|call_back|close|reopen|note"

urlpatterns = [
    path("", case_list, name="list"),
    path("new", case_new, name="new"),
    path("dispatch", bulk_dispatch, name="bulk_dispatch"),
    path("<str:code>", case_page, name="case"),
    re_path(rf"^(?P<code>[A-Z0-9]+)/(?P<action>{ACTIONS})$", case_step, name="step"),
]
