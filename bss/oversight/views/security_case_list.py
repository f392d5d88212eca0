"""安全案件: what the pre-warning rules opened, and who looks into it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.oversight.models import SecurityCase
from bss.oversight.queries.security_cases import VIEWS, cases_for, condition_of, counts_of
from bss.oversight.rules.prewarning import Rule
from bss.oversight.services.prewarning import RULE_WORDS
from bss.oversight.views.case_forms import SecurityCaseFilterForm

VIEW_LABELS = {
    "open": gettext_lazy("未结案"),
    "mine": gettext_lazy("我核查的"),
    "concluded": gettext_lazy("已结案"),
    "all": gettext_lazy("全部"),
}


def rule_word(case: SecurityCase) -> str:
    return _(RULE_WORDS[Rule(case.rule)])


def whom_word(case: SecurityCase) -> str:
    """The person, or the place nobody has proved to be at."""
    if case.staff is not None:
        return f"{case.staff} {case.staff.username}"
    return case.whom.partition(":")[2]


COLUMNS = (
    Column(name="case", label=gettext_lazy("案件"), order_by=("pk",), value=lambda c: c.code),
    Column(name="rule", label=gettext_lazy("预警规则"), order_by=("rule",), value=rule_word),
    Column(name="whom", label=gettext_lazy("对象"), order_by=("staff__username",), value=whom_word),
    Column(
        name="entries",
        label=gettext_lazy("证据(条)"),
        order_by=("entries",),
        value=lambda c: c.entries,
        num=True,
    ),
    Column(
        name="last_hit",
        label=gettext_lazy("最近命中"),
        order_by=("last_hit_at",),
        value=lambda c: c.last_hit_at,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda c: _(c.get_state_display()),
    ),
    Column(
        name="assignee",
        label=gettext_lazy("核查人"),
        order_by=("assignee__username",),
        value=lambda c: c.assignee,
    ),
)


@requires("security_case.view")
def security_case_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    viewer: Any = request.user
    form = SecurityCaseFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    view = asked.get("view") if asked.get("view") in VIEWS else "open"
    rows = cases_for(viewer).filter(condition_of(str(view), viewer=viewer))
    for name in ("rule", "state"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("q"):
        text = asked["q"].strip()
        rows = rows.filter(
            Q(staff__username__icontains=text)
            | Q(staff__display_name__icontains=text)
            | Q(whom__icontains=text)
        )
    page = ListPage(request, rows, columns=COLUMNS, sort="-last_hit", form=form)
    if export := page.exported(gettext_lazy("安全案件")):
        return export
    counts = counts_of(viewer)
    return render_part(
        request,
        "oversight/security_case_list.html",
        "list",
        {
            "list": page,
            "rows": [(case, rule_word(case), whom_word(case)) for case in page.rows],
            "tabs": [(v, VIEW_LABELS[v], page.url(view=v, page=None), counts[v]) for v in VIEWS],
            "view": view,
        },
    )
