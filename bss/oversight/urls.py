from django.urls import path

from bss.oversight.views.approval_list import approval_list, waiting_count
from bss.oversight.views.approval_page import approval_page, decide, withdraw
from bss.oversight.views.notices import read_notices

app_name = "oversight"

urlpatterns = [
    path("approvals/", approval_list, name="approvals"),
    path("approvals/waiting", waiting_count, name="waiting_count"),
    path("approvals/<int:pk>", approval_page, name="approval"),
    path("approvals/<int:pk>/decide", decide, name="decide"),
    path("approvals/<int:pk>/withdraw", withdraw, name="withdraw"),
    path("notices/read", read_notices, name="read_notices"),
]
