"""B4 one month: its steps with state and figures, buttons, the result against last month."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import BillLine, Rehearsal
from billing.queries import control_room
from billing.queries.rejects import open_causes
from billing.queries.unbilled import unbilled_of
from billing.services.closing import check_policy
from billing.services.rehearsal import latest
from billing.views import reach
from billing.views.forms import UsageFileForm
from billing.views.gaps_shown import gaps_shown
from billing.views.pipeline import PLANNED, READY, Pipeline, pipeline_of
from billing.views.running import ALREADY, FAILED, QUEUED, asked_for, start_step
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.batch import orders
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError

TEMPLATE = "billing/month_run.html"
UNBILLED_SHOWN = 50
SUBJECTS = {
    "start": "month_start:{month}",
    "close": "close_month:{month}",
    "credit": "credit_run:{month}",
}
"""What a person had begun, as the audit of its steps names it."""


@requires("month.view")
def month_run(request: HttpRequest, month: str) -> HttpResponse:
    """The month's control room; while something runs the steps renew themselves."""
    return render_part(request, TEMPLATE, "steps", run_context(request, month_or_404(month)))


def _step(name: str) -> Callable[..., HttpResponse]:
    @require_POST
    @requires("month.run")
    def press(request: HttpRequest, month: str) -> HttpResponse:
        of = month_or_404(month)
        at = clock.now()
        try:
            _check(name, of, at=at)
            outcome = start_step(name, of, at=at)
        except (BadInputError, RefusedError) as refused:
            return render_refused(request, TEMPLATE, run_context(request, of), refused=refused)
        if outcome != ALREADY:
            orders.note_start(
                subject=SUBJECTS[name].format(month=of),
                by_id=request.user.pk,  # type: ignore[arg-type]
                at=at,
            )
        _tell(request, outcome)
        return redirect("billing:run", month=str(of))

    press.__name__ = f"press_{name}"
    return press


press_start = _step("start")
press_close = _step("close")
press_credit = _step("credit")


def month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Http404(f"{text} is no month") from None


def run_context(request: HttpRequest, month: Month) -> dict[str, Any]:
    """Everything the page shows of the month."""
    at = clock.now()
    pipeline = pipeline_of(month, at=at, asked=asked_for(month))
    labels = dict(BillLine.Item.choices)
    items = control_room.item_totals(month)
    bills = control_room.bill_facts(month)
    rehearsal = latest(month)
    return {
        "month": month,
        "month_text": str(month),
        "pipeline": pipeline,
        "steps_line": _line(pipeline),
        "bills": bills,
        "before": control_room.bill_facts(month.previous),
        "items": [(labels[row.item], row) for row in items],
        "items_before_fen": sum(row.before_fen for row in items),
        "outliers": [
            (bill, reach.account_name(bill.account)) for bill in control_room.outliers(month)
        ],
        "rehearsal": rehearsal,
        "waiting_rehearsal": rehearsal if rehearsal and _waits(rehearsal, pipeline) else None,
        "unbilled_count": pipeline.stage("close").parked,
        "unbilled": list(unbilled_of(month).select_related("account__owner")[:UNBILLED_SHOWN]),
        "files": control_room.usage_facts(month).files,
        "causes": open_causes(),
        **gaps_shown(),
        "upload": UsageFileForm() if access.can(request.user, "usage.load") else None,
        "may_run": access.can(request.user, "month.run"),
        "may_see_bills": access.can(request.user, "account.view"),
        "crumbs": [(_("月结"), reverse("billing:month")), (str(month), "")],
    }


def _waits(rehearsal: Rehearsal, pipeline: Pipeline) -> bool:
    """Whether two persons have yet to look before the month can be billed."""
    return not rehearsal.allows and pipeline.stage("rate").state in (PLANNED, READY)


def _line(pipeline: Pipeline) -> list[dict[str, Any]]:
    """The steps across the page; the first that is not done is where we are."""
    shown, here = [], False
    for stage in pipeline.stages:
        state = "done" if stage.state == "done" else "" if here else "now"
        here = here or state == "now"
        shown.append(
            {
                "label": stage.label,
                "state": state,
                "when": clock_text(stage.at) if stage.at else "",
            }
        )
    return shown


def clock_text(moment: datetime) -> str:
    return f"{localtime(moment):%m-%d %H:%M}"


def _check(name: str, month: Month, *, at: datetime) -> None:
    """The services refuse too early starts; a worker's refusal would come too late to be read."""
    if name == "start" and at < month.starts_at:
        raise BadInputError(("month", "该月尚未开始，不能月初切换。"))
    if name == "close" and at < month.ends_at:
        raise BadInputError(("month", "该月尚未结束，不能出帐。"))
    if name == "close":
        check_policy(month)


def _tell(request: HttpRequest, outcome: str) -> None:
    if outcome == ALREADY:
        messages.warning(request, _("这一步刚才已经启动，不会重复运行。"))
    elif outcome == QUEUED:
        messages.success(request, _("已交给后台运行，本页会自动更新。"))
    elif outcome == FAILED:
        messages.error(request, _("这一步失败了，原因见步骤说明；改正后可以接着运行。"))
    else:
        messages.success(request, _("已完成。"))
