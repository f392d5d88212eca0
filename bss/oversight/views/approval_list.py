"""A3 审批: what waits for me, what I asked for, what I decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.approval_kinds import kinds
from bss.kernel.models import Approval
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.oversight.queries.inbox import VIEWS, rows_of, waiting_for
from bss.oversight.views.forms import ApprovalFilterForm

VIEW_LABELS = {
    "waiting": gettext_lazy("待我审批"),
    "asked": gettext_lazy("我的申请"),
    "decided": gettext_lazy("我已审批"),
}


def title_of(approval: Approval) -> str:
    """The kind of act in the reader's language."""
    kind = kinds().get(approval.kind)
    return _(kind.title) if kind else approval.kind


COLUMNS = (
    Column(name="kind", label=gettext_lazy("事项"), order_by=("kind",), value=title_of),
    Column(name="reason", label=gettext_lazy("原因"), value=lambda a: a.reason),
    Column(
        name="asked_by",
        label=gettext_lazy("申请人"),
        order_by=("asked_by__username",),
        value=lambda a: a.asked_by,
    ),
    Column(
        name="asked_at",
        label=gettext_lazy("申请时间"),
        order_by=("asked_at",),
        value=lambda a: a.asked_at,
    ),
    Column(
        name="expires",
        label=gettext_lazy("审批时限"),
        order_by=("expires_at",),
        value=lambda a: a.expires_at,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda a: _(a.get_state_display()),
    ),
    Column(
        name="decided_by",
        label=gettext_lazy("审批人"),
        order_by=("decided_by__username",),
        value=lambda a: a.decided_by,
    ),
)


def approval_list(request: HttpRequest) -> HttpResponse:
    """The inbox, or the part of it that htmx asks for; everybody has one."""
    staff: Any = request.user
    waiting = waiting_for(staff)
    form = ApprovalFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    view = asked.get("view") or ("waiting" if waiting else "asked")
    rows = rows_of(view, staff, waiting=waiting)
    for name in ("kind", "state"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    sort = "expires" if view == "waiting" else "-asked_at"
    page = ListPage(request, rows, columns=COLUMNS, sort=sort, form=form)
    if export := page.exported(gettext_lazy("审批")):
        return export
    counts = {"waiting": len(waiting)} | {
        other: rows_of(other, staff, waiting=()).count() for other in VIEWS[1:]
    }
    return render_part(
        request,
        "oversight/approval_list.html",
        "list",
        {
            "list": page,
            "rows": [(approval, title_of(approval)) for approval in page.rows],
            "tabs": [(v, VIEW_LABELS[v], page.url(view=v, page=None), counts[v]) for v in VIEWS],
            "view": view,
            "at": clock.now(),
        },
    )


@requires("approval.decide")
def waiting_count(request: HttpRequest) -> HttpResponse:
    """How many approvals wait for me: the figure in the menu, empty for none."""
    staff: Any = request.user
    count = len(waiting_for(staff))
    return render_part(request, "oversight/waiting_count.html", "count", {"count": count})
