"""缺号: file numbers that a switch has left out, each an alarm until it comes or is explained."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import UsageGap
from billing.queries.usage_files import files_around
from billing.queries.usage_gaps import gaps_found
from billing.services import gap_alarms
from billing.views import month_rooms
from billing.views.usage_forms import ExcuseForm, GapFilterForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused

TEMPLATE = "billing/usage_gap.html"
COLUMNS = (
    Column(
        name="numbers",
        label=gettext_lazy("缺的文件"),
        order_by=("switch", "first"),
        value=lambda gap: str(gap),
    ),
    Column(name="files", label=gettext_lazy("个数"), value=lambda gap: gap.files, num=True),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state", "-pk"),
        value=lambda gap: _(gap.get_state_display()),
    ),
    Column(
        name="found",
        label=gettext_lazy("发现时间"),
        order_by=("found_at",),
        value=lambda gap: gap.found_at,
    ),
    Column(
        name="ended",
        label=gettext_lazy("结束时间"),
        order_by=("ended_at",),
        value=lambda gap: gap.ended_at or "",
    ),
    Column(name="reason", label=gettext_lazy("说明"), value=lambda gap: gap.reason),
)


@requires("month.view")
def gap_list(request: HttpRequest) -> HttpResponse:
    """The alarms, the latest first."""
    form = GapFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = ListPage(request, gaps_found(asked), columns=COLUMNS, sort="-found", form=form)
    if export := page.exported(gettext_lazy("话单缺号")):
        return export
    context = {"list": page, "tabs": month_rooms.tabs()}
    return render_part(request, "billing/usage_gaps.html", "list", context)


@requires("month.view")
def gap_page(request: HttpRequest, gap_id: int) -> HttpResponse:
    """What is missing, what came before and after it, and how to end the alarm."""
    return render(request, TEMPLATE, _context(request, gap_id, form=ExcuseForm()))


@require_POST
@requires("usage.load")
def excuse_gap(request: HttpRequest, gap_id: int) -> HttpResponse:
    """End the alarm: the file never comes, and this is why."""
    form = ExcuseForm(request.POST)
    context = _context(request, gap_id, form=form)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        gap_alarms.excuse(
            gap_id=gap_id,
            reason=form.cleaned_data["reason"],
            by_id=request.user.pk,
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已记下说明，缺号报警结束。"))
    return redirect("billing:usage_gap", gap_id=gap_id)


def _context(request: HttpRequest, gap_id: int, *, form: ExcuseForm) -> dict[str, Any]:
    gap = get_object_or_404(UsageGap.objects.select_related("ended_by"), pk=gap_id)
    before, after = files_around(gap)
    is_open = gap.state == UsageGap.State.OPEN
    return {
        "gap": gap,
        "before": before,
        "after": after,
        "form": form if is_open and access.can(request.user, gap_alarms.WATCHER) else None,
        "crumbs": month_rooms.crumbs((_("缺号"), reverse("billing:usage_gaps")), (str(gap), "")),
    }
