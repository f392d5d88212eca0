"""One batch run: its steps with seconds and figures, what failed, who ordered what."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.batch_runs import finished_like, per_second, runs, step_sums
from billing.queries.control_room import KIND as CLOSE
from billing.views import month_rooms
from billing.views.pipeline import figures_of
from billing.views.run_words import ORDERS, duration, kind_word, step_word
from billing.views.step_progress import is_under_way
from bss.kernel.access import requires
from bss.kernel.models import AuditEntry, BatchRun, BatchStep
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part

RUNS_SHOWN = 12
MANY_SECONDS = 10
"""Below this the chart is in milliseconds: what is short is not shown as nothing."""
OF_A_FILE = (("name", gettext_lazy("文件")), ("refused", gettext_lazy("拒收原因")))

COLUMNS = (
    Column(
        name="step",
        label=gettext_lazy("步骤"),
        order_by=("position", "shard"),
        value=lambda step: f"{step.name}/{step.shard}",
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda step: _(step.get_state_display()),
    ),
    Column(
        name="started",
        label=gettext_lazy("开始于"),
        order_by=("started_at",),
        value=lambda step: step.started_at or "",
    ),
    Column(
        name="took",
        label=gettext_lazy("用时"),
        value=lambda step: _took_s(step),
        num=True,
    ),
    Column(
        name="host",
        label=gettext_lazy("主机"),
        order_by=("host",),
        value=lambda step: step.host,
    ),
    Column(name="report", label=gettext_lazy("结果"), value=lambda step: str(step.report)),
    Column(
        name="attempts",
        label=gettext_lazy("失败次数"),
        order_by=("attempts",),
        value=lambda step: step.attempts,
        num=True,
    ),
    Column(name="error", label=gettext_lazy("失败原因"), value=lambda step: step.last_error),
)


@requires("month.view")
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run; of many shards as many as fit on a page."""
    run = get_object_or_404(runs(), pk=run_id)
    page = ListPage(request, run.steps.all(), columns=COLUMNS, sort="step")
    title = f"{kind_word(run.kind)} {run.key}"
    if export := page.exported(title):
        return export
    like = finished_like(run, last=RUNS_SHOWN)
    unit, durations = _durations(like)
    context = {
        "run": run,
        "title": title,
        "took": duration(run.took),  # type: ignore[attr-defined]
        "rate": per_second(run),
        "sums": [(one, step_word(one.name), duration(one.took)) for one in step_sums(run)],
        "list": page,
        "rows": [
            (step, _state(step, run), step_word(step.name), _took(step), _told(step))
            for step in page.rows
        ],
        "orders": [(entry, _(ORDERS[entry.action])) for entry in _orders(run)],
        "durations": durations,
        "unit": unit,
        "rates": [(one.key, per_second(one) or 0) for one in like if per_second(one)],
        "month": run.key if run.kind == CLOSE else "",
        "crumbs": month_rooms.crumbs((_("运行记录"), reverse("billing:runs")), (title, "")),
    }
    return render_part(request, "billing/run.html", "list", context)


def _durations(like: Sequence[Any]) -> tuple[str, list[tuple[str, int]]]:
    longest = max((run.took.total_seconds() for run in like), default=0)
    unit, factor = (_("秒"), 1) if longest >= MANY_SECONDS else (_("毫秒"), 1000)
    return unit, [(run.key, round(run.took.total_seconds() * factor)) for run in like]


def _orders(run: BatchRun) -> list[AuditEntry]:
    """What people told this run, and what of its month was rehearsed and approved."""
    about = Q(subject=f"{run.kind}:{run.key}")
    if run.kind == CLOSE:
        about |= Q(subject=f"month:{run.key}")
    entries = AuditEntry.objects.filter(about, kind=AuditEntry.Kind.ACT, action__in=list(ORDERS))
    return list(entries.select_related("staff").order_by("pk"))


def _state(step: BatchStep, run: BatchRun) -> str:
    """As people see it: what was begun and waits for its end is under way."""
    if run.state == BatchRun.State.RUNNING and is_under_way(step):
        return str(BatchRun.State.RUNNING)
    return str(step.state)


def _told(step: BatchStep) -> list[tuple[Any, str]]:
    """What it says of itself: words of a file first, then figures."""
    words = [(label, step.report[name]) for name, label in OF_A_FILE if step.report.get(name)]
    return [*words, *figures_of([step])]


def _took(step: BatchStep) -> str:
    return duration(step.finished_at - step.started_at if _has_ended(step) else None)  # type: ignore[operator]


def _took_s(step: BatchStep) -> str:
    if not _has_ended(step):
        return ""
    return f"{(step.finished_at - step.started_at).total_seconds():.3f}"  # type: ignore[operator]


def _has_ended(step: BatchStep) -> bool:
    return step.finished_at is not None and step.started_at is not None
