"""B4 试算: what a close would bring, what is beyond the bounds, and asking a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Rehearsal
from billing.queries.control_room import closed_at
from billing.rules.close_policy import COUNTED
from billing.services import rehearsal as rehearsals
from billing.views.month_run import month_or_404
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_number
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import Month

TEMPLATE = "billing/rehearsal.html"


class AskForm(forms.Form):
    """Why the month may be billed although it is beyond the bounds."""

    reason = forms.CharField(label="理由", max_length=200)


@requires("month.view")
def rehearsal_page(request: HttpRequest, month: str) -> HttpResponse:
    """The latest rehearsal of the month."""
    return render(request, TEMPLATE, _context(request, month_or_404(month)))


@require_POST
@requires("month.run")
def rehearse(request: HttpRequest, month: str) -> HttpResponse:
    """Run it through now."""
    of = month_or_404(month)
    try:
        found = rehearsals.rehearse(month=of, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _context(request, of), refused=refused)
    if found.allows:
        messages.success(request, _("试算完成，在阈值之内。"))
    else:
        messages.warning(request, _("试算完成，有超出阈值的地方，要两人确认。"))
    return redirect("billing:rehearsal", month=str(of))


@require_POST
@requires("month.run")
def ask_to_close(request: HttpRequest, month: str) -> HttpResponse:
    """Ask a second person to let the month be billed."""
    of = month_or_404(month)
    form = AskForm(request.POST)
    try:
        if not form.is_valid():
            raise BadInputError(("reason", "请写明理由，让审批人知道为什么可以出帐。"))
        approval = rehearsals.ask(
            month=of,
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        context = {**_context(request, of), "form": form}
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已提交审批，由另一位同事确认。"))
    return redirect("oversight:approval", pk=approval.pk)


def _context(request: HttpRequest, month: Month) -> dict[str, Any]:
    found = rehearsals.latest(month)
    is_closed = closed_at(month) is not None
    may_run = access.can(request.user, "month.run") and not is_closed
    return {
        "month": month,
        "rehearsal": found,
        "is_closed": is_closed,
        "counts": _counts(found) if found else [],
        "uncharged": [{**row, "number": masked_number(row["number"])} for row in found.uncharged]
        if found
        else [],
        "form": AskForm() if may_run and found and not found.allows else None,
        "may_run": may_run,
        "crumbs": [
            (_("月结"), reverse("billing:month")),
            (str(month), reverse("billing:run", args=[str(month)])),
            (_("试算"), ""),
        ],
    }


def _counts(found: Rehearsal) -> list[tuple[str, int]]:
    return [(_(what), found.found["counts"][name]) for name, what in COUNTED.items()]
