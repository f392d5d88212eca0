"""信控运行: rehearse a day's run, run it, and what the runs before did."""

import logging
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing.models import CreditRun, ParkedAccount
from billing.queries.credit_rehearsal import rehearse
from billing.tasks import month as tasks
from billing.views import credit_rooms, reach
from billing.views.credit_forms import RehearsalForm
from billing.views.running import worker_answers
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import BUSINESS_ZONE

TEMPLATE = "billing/credit_runs.html"
HOUR = time(1)
ASKED_FOR_S = 15
ASKED = "credit-run:asked"

log = logging.getLogger(__name__)


def _count(name: str, label: Any) -> Column:
    return Column(name=name, label=label, order_by=(name,), num=True,
                  value=lambda run: getattr(run, name))  # fmt: skip


COLUMNS = (
    Column(
        name="at",
        label=gettext_lazy("业务时间"),
        order_by=("at", "id"),
        value=lambda run: credit_rooms.when(run.at),
    ),
    Column(
        name="by",
        label=gettext_lazy("启动"),
        value=lambda run: str(run.by or _("自动")),
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("finished_at",),
        value=lambda run: _("已完成") if run.finished_at else _("未完成"),
    ),
    _count("reminded", gettext_lazy("催缴")),
    _count("stopped", gettext_lazy("欠费停机")),
    _count("blacklisted", gettext_lazy("黑名单停机")),
    _count("pre_terminated", gettext_lazy("预销号")),
    _count("parked", gettext_lazy("挂起")),
)


@requires("credit.run")
def credit_runs(request: HttpRequest) -> HttpResponse:
    """The runs, the latest first; ``?on=`` adds what the run of that day would do."""
    page = ListPage(request, CreditRun.objects.select_related("by"), columns=COLUMNS, sort="-at")
    if export := page.exported(gettext_lazy("信控运行")):
        return export
    asked = "on" in request.GET
    form = RehearsalForm(request.GET if asked else None, initial={"on": f"{clock.today()}"})
    rehearsal = None
    if asked and form.is_valid():
        at = datetime.combine(form.cleaned_data["on"], HOUR, BUSINESS_ZONE)
        rehearsal = rehearse(at=at)
    parked = ParkedAccount.objects.filter(freed_at__isnull=True).select_related("account__owner")
    context = {
        "list": page,
        "form": form,
        "rehearsal": rehearsal,
        "parked": [(one, reach.account_name(one.account)) for one in parked],
        "tabs": credit_rooms.tabs(request.user),
    }
    return render_part(request, TEMPLATE, "list", context)


@require_POST
@requires("credit.run")
def press_run(request: HttpRequest) -> HttpResponse:
    """Run it now: by a worker when one answers, else here. Twice does nothing twice."""
    if not cache.add(ASKED, 1, timeout=ASKED_FOR_S):
        messages.warning(request, _("信控刚才已经启动，不会重复运行。"))
        return redirect("billing:credit_runs")
    at, by_id = clock.now().isoformat(), request.user.pk
    if worker_answers():
        tasks.run_credit.delay(at, by_id)
        messages.success(request, _("已交给后台运行，稍后刷新本页查看结果。"))
        return redirect("billing:credit_runs")
    try:
        tasks.run_credit(at, by_id)
    except Exception:  # the run stands there as unfinished, and the next one takes it up
        log.exception("the credit run failed")
        messages.error(request, _("信控运行没有完成，请再运行一次；已做的不会重复。"))
    else:
        messages.success(request, _("信控已运行。"))
    finally:
        cache.delete(ASKED)
    return redirect(reverse("billing:credit_runs"))
