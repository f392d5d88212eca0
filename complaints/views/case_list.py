"""C2 案件: by how urgent they are, with counts, filters, export and dispatch of many."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.masking import masked_name
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from complaints.models import Case
from complaints.queries.lists import VIEWS, cases_for, condition_of, containing, counts_of
from complaints.rules.categories import BY_CODE
from complaints.services import handling
from complaints.views.forms import VIEW_LABELS, BulkDispatchForm, CaseFilterForm


def customer_name(case: Case) -> str:
    """The customer as lists and exports name them; persons are masked."""
    person = case.customer.kind == "individual"
    return masked_name(case.customer.name) if person else case.customer.name


COLUMNS = (
    Column(
        name="case",
        label=gettext_lazy("案件"),
        order_by=("code",),
        value=lambda case: f"{case.code} {case.subject}",
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("customer__name",),
        value=customer_name,
    ),
    Column(
        name="category",
        label=gettext_lazy("类别"),
        order_by=("kind", "category"),
        value=lambda case: _(BY_CODE[case.category].name),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda case: _(case.get_state_display()),
    ),
    Column(
        name="due", label=gettext_lazy("时限"), order_by=("due_at",), value=lambda case: case.due_at
    ),
    Column(
        name="owner",
        label=gettext_lazy("首问责任人"),
        order_by=("owner__display_name",),
        value=lambda case: case.owner,
    ),
    Column(
        name="handler",
        label=gettext_lazy("处理人"),
        order_by=("handler__display_name",),
        value=lambda case: case.handler,
    ),
)


@requires("case.view")
def case_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    at = clock.now()
    form = CaseFilterForm(request.GET or None, initial={"view": "open"})
    asked = form.cleaned_data if form.is_valid() else {}
    view = asked.get("view") or "open"
    rows = cases_for(request.user).filter(condition_of(view, staff=request.user, at=at))
    if asked.get("q"):
        rows = rows.filter(containing(asked["q"].strip()))
    for name in ("category", "state"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    may_handle = access.can(request.user, "case.handle")
    page = ListPage(request, rows, columns=_columns(may_handle), sort="due", form=form)
    if export := page.exported(gettext_lazy("案件")):
        return export
    counts = counts_of(request.user, at=at)
    return render_part(
        request,
        "complaints/case_list.html",
        "list",
        {
            "list": page,
            "rows": [(case, BY_CODE[case.category], customer_name(case)) for case in page.rows],
            "tabs": [(v, VIEW_LABELS[v], page.url(view=v, page=None), counts[v]) for v in VIEWS],
            "view": view,
            "at": at,
            "may_handle": may_handle,
            "bulk": BulkDispatchForm() if may_handle else None,
        },
    )


@require_POST
@requires("case.handle")
def bulk_dispatch(request: HttpRequest) -> HttpResponse:
    """Send the ticked cases to one handler, and say which could not be sent."""
    reachable = cases_for(request.user).filter(
        pk__in=[key for key in request.POST.getlist("case") if key.isdigit()]
    )
    form = BulkDispatchForm(request.POST)
    form.fields["case"].choices = [(case.pk, case.code) for case in reachable]  # type: ignore[attr-defined]
    if not form.is_valid() or not form.cleaned_data["case"]:
        messages.error(request, _("请勾选案件并选择处理人，再派单"))
        return redirect(_back(request))
    report = handling.dispatch_many(
        case_ids=form.cleaned_data["case"],
        handler_id=form.cleaned_data["handler"].pk,
        at=clock.now(),
        by_id=request.user.pk,  # type: ignore[arg-type]
    )
    if report.done:
        sentence = ngettext("已派单 %(n)s 件", "已派单 %(n)s 件", len(report.done))
        messages.success(request, sentence % {"n": len(report.done)})
    if report.left:
        left = "、".join(report.left)
        messages.warning(request, _("这些案件的状态不能派单：%(codes)s") % {"codes": left})
    return redirect(_back(request))


def _columns(may_handle: bool) -> tuple[Column, ...]:
    tick = Column(name="tick", label=_("选择"))
    return (tick, *COLUMNS) if may_handle else COLUMNS


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("complaints:list")
