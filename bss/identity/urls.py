from django.urls import URLPattern, path

from bss.identity.interface_urls import urlpatterns as interface_urlpatterns
from bss.identity.views import access_control, lockouts, outside_systems, sessions
from bss.identity.views.organisations import (
    organisation_act,
    organisation_add,
    organisation_page,
    organisation_tree,
)
from bss.identity.views.prove import prove
from bss.identity.views.staff_acts import (
    staff_disable,
    staff_leave,
    staff_move,
    staff_recover,
    staff_roles_page,
    sub_account_open,
)
from bss.identity.views.staff_hire import hand_over, staff_hire, sub_account_close
from bss.identity.views.staff_list import staff_list
from bss.identity.views.staff_page import staff_page
from bss.identity.views.staff_password import change_password
from bss.identity.views.staff_role_table import role_table
from bss.identity.views.sub_account_list import sub_account_list

app_name = "identity"

urlpatterns: list[URLPattern] = [
    path("prove", prove, name="prove"),
    *interface_urlpatterns,
    path("password", change_password, name="password"),
    path("staff/", staff_list, name="staff"),
    path("hire", staff_hire, name="hire"),
    path("staff/<str:number>", staff_page, name="staff_member"),
    path("staff/<str:number>/roles", staff_roles_page, name="staff_roles"),
    path("staff/<str:number>/move", staff_move, name="staff_move"),
    path("staff/<str:number>/disable", staff_disable, name="staff_disable"),
    path("staff/<str:number>/leave", staff_leave, name="staff_leave"),
    path("staff/<str:number>/recover", staff_recover, name="staff_recover"),
    path("staff/<str:number>/recover/<int:recovery_id>", hand_over, name="hand_over"),
    path("staff/<str:number>/sub-accounts", sub_account_open, name="sub_account_open"),
    path(
        "staff/<str:number>/sub-accounts/<int:account_id>",
        sub_account_close,
        name="sub_account_close",
    ),
    path("sub-accounts/", sub_account_list, name="sub_accounts"),
    path("systems/", outside_systems.system_list, name="systems"),
    path("systems/new", outside_systems.system_add, name="system_add"),
    path("systems/<str:code>", outside_systems.system_page, name="system"),
    path("systems/<str:code>/<str:act>", outside_systems.system_act, name="system_act"),
    path("roles/", role_table, name="roles"),
    path("organisations/", organisation_tree, name="organisations"),
    path("organisations/new", organisation_add, name="organisation_add"),
    path("organisations/<str:code>", organisation_page, name="organisation"),
    path("organisations/<str:code>/<str:act>", organisation_act, name="organisation_act"),
    path("sessions", sessions.session_list, name="sessions"),
    path("sessions/<int:session_id>/end", sessions.end_session, name="end_session"),
    path("own-sessions/<int:session_id>/end", sessions.end_own_session, name="end_own_session"),
    path("lockouts", lockouts.lockout_list, name="lockouts"),
    path("lockouts/<int:attempt_id>/unlock", lockouts.unlock, name="unlock"),
    path("access-hours", access_control.control_list, name="controls"),
    path("access-hours/<str:code>", access_control.control_edit, name="control"),
]
