from django.urls import path, re_path

from bss.oversight.views import personal_page as personal
from bss.oversight.views.approval_list import approval_list, waiting_count
from bss.oversight.views.approval_page import approval_page, decide, withdraw
from bss.oversight.views.audit import audit_entry, audit_list
from bss.oversight.views.notices import read_notices
from bss.oversight.views.security_case_list import security_case_list
from bss.oversight.views.security_case_page import security_case_page, security_case_step
from bss.oversight.views.watch import relatives, remove_relative, watch_rule, watch_rules

app_name = "oversight"

urlpatterns = [
    path("approvals/", approval_list, name="approvals"),
    path("approvals/waiting", waiting_count, name="waiting_count"),
    path("approvals/<int:pk>", approval_page, name="approval"),
    path("approvals/<int:pk>/decide", decide, name="decide"),
    path("approvals/<int:pk>/withdraw", withdraw, name="withdraw"),
    path("audit/", audit_list, name="audit"),
    path("audit/<int:pk>", audit_entry, name="audit_entry"),
    path("notices/read", read_notices, name="read_notices"),
    path("security-cases/", security_case_list, name="security_cases"),
    path("security-cases/<int:pk>", security_case_page, name="security_case"),
    re_path(
        r"^security-cases/(?P<pk>\d+)/(?P<action>review|note|confirm|dismiss)$",
        security_case_step,
        name="security_case_step",
    ),
    path("watch/", watch_rules, name="watch"),
    path("watch/<str:rule>", watch_rule, name="watch_rule"),
    path("relatives/", relatives, name="relatives"),
    path("relatives/<int:pk>/remove", remove_relative, name="remove_relative"),
    path("customers/<str:code>/personal", personal.personal_page, name="personal"),
    path("customers/<str:code>/export", personal.subject_export, name="subject_export"),
    path("customers/<str:code>/hold", personal.hold, name="hold"),
    path("customers/<str:code>/hold/<int:pk>/lift", personal.lift, name="lift"),
    path("customers/<str:code>/erase", personal.erase, name="erase"),
]
