"""业务时钟: in training, business time is moved on; what falls due on the way is then caught up."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import audit, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import BUSINESS_ZONE, Month, business_date

TEMPLATE = "desk/clock.html"
_WRITTEN = "%Y-%m-%dT%H:%M"


class ClockForm(SentenceForm):
    """The moment to move to, in Beijing time."""

    moment = forms.DateTimeField(
        label=gettext_lazy("业务时间调到"),
        input_formats=[_WRITTEN, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WRITTEN),
        error_messages={"invalid": gettext_lazy("请写成 2026-11-01 00:00 这样的时间。")},
    )


@requires("clock.move")
def clock_page(request: HttpRequest) -> HttpResponse:
    """The form; posting it moves the clock on, never back, never in production."""
    now = clock.now()
    if request.method != "POST":
        return render(request, TEMPLATE, _context(now, ClockForm()))
    form = ClockForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(now, form))
    moment = form.cleaned_data["moment"]
    try:
        clock.move_to(moment)
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _context(now, form), refused=refused)
    audit.record(
        action="clock.move",
        subject="clock:1",
        staff_id=request.user.pk,
        at=moment,
        detail={"before": now.isoformat()},
    )
    messages.success(request, _("业务时间已调到 %(moment)s。") % {"moment": _shown(moment)})
    return redirect(reverse("clock"))


def _context(now: datetime, form: ClockForm) -> dict[str, Any]:
    return {
        "form": form,
        "movable": settings.BUSINESS_CLOCK_MOVABLE and not settings.BUSINESS_TIME,
        "fixed": bool(settings.BUSINESS_TIME),
        "leaps": [
            (label, when.strftime(_WRITTEN), _shown(when), why) for label, when, why in _leaps(now)
        ],
        "crumbs": [(_("今日"), "/"), (_("业务时钟"), "")],
    }


def _leaps(now: datetime) -> list[tuple[str, datetime, str]]:
    """The moments that people want to see: (label, when, what happens then)."""
    month = Month.of(business_date(now))
    first = month.next.starts_at
    issue = month.starts_at + timedelta(days=2, hours=2)
    if issue <= now:
        issue = first + timedelta(days=2, hours=2)
    tomorrow = datetime.combine(business_date(now) + timedelta(days=1), time(8), BUSINESS_ZONE)
    leaps = [
        (_("明天上班"), tomorrow, _("临时占用的号码到期释放，案件时限往前走。")),
        (_("下月 1 日"), first, _("到期的开通、变更、解除生效，付费关系切换，建立共享时长。")),
        (_("下一个出帐日"), issue, _("上月话单批价、出帐、从账本扣款。")),
    ]
    return sorted(leaps, key=lambda leap: leap[1])


def _shown(moment: datetime) -> str:
    return moment.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
