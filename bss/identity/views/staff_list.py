"""A1 工号: who works here, where, as what, and whether the account is used and well guarded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.identity.queries.staff_list import listed_staff, wanted
from bss.identity.views.staff_forms import StaffFilterForm
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.models import Staff
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.pages.said import said


def roles_said(staff: Staff) -> str:
    """The names of a person's roles in the reader's language."""
    return "、".join(said(role.name) for role in staff.roles.all())


COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("工号"),
        order_by=("username",),
        value=lambda row: row.username,
    ),
    Column(
        name="name",
        label=gettext_lazy("姓名"),
        order_by=("display_name",),
        value=lambda row: row.display_name,
    ),
    Column(
        name="place",
        label=gettext_lazy("机构"),
        order_by=("organisation__path",),
        value=lambda row: row.organisation,
    ),
    Column(name="roles", label=gettext_lazy("角色"), value=roles_said),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda row: said(row.get_state_display()),
    ),
    Column(
        name="last_login",
        label=gettext_lazy("上次登录"),
        order_by=("last_login",),
        value=lambda row: row.last_login,
    ),
    Column(
        name="second_factor",
        label=gettext_lazy("第二因子"),
        order_by=("has_second_factor",),
        value=lambda row: _("已绑定") if row.has_second_factor else _("未绑定"),
    ),
)


@requires("staff.view")
def staff_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = StaffFilterForm(request.GET or None, viewer=request.user)
    rows = listed_staff(request.user).filter(_wanted(form))
    page = ListPage(request, rows, columns=COLUMNS, sort="number", form=form)
    if export := page.exported(gettext_lazy("工号")):
        return export
    context = {"list": page, "may_manage": access.can(request.user, "staff.manage")}
    return render_part(request, "identity/staff_list.html", "list", context)


def _wanted(form: StaffFilterForm) -> Any:
    asked = form.cleaned_data if form.is_valid() else {}
    return wanted(
        text=asked.get("q", ""),
        place=asked.get("place"),
        role=asked.get("role", ""),
        state=asked.get("state", ""),
    )
