"""办理原因: the operator's own words for refunds, transfers, write-offs and corrections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Reason
from billing.services import reasons
from billing.views.by_hand_forms import ReasonForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused

TEMPLATE = "billing/reason_list.html"


@requires("reason.manage")
def reason_list(request: HttpRequest) -> HttpResponse:
    """All, by what they are for; the form adds one."""
    form = ReasonForm(request.POST or None)
    context = {"form": form, "groups": _groups()}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        reasons.add_reason(
            **form.cleaned_data,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已添加原因。"))
    return redirect("billing:reasons")


@require_POST
@requires("reason.manage")
def retire_reason(request: HttpRequest, reason_id: int) -> HttpResponse:
    """Out of use, or back into it."""
    reason = get_object_or_404(Reason, pk=reason_id)
    reasons.set_active(
        reason_id=reason.pk,
        active=request.POST.get("active") == "1",
        at=clock.now(),
        by_id=request.user.pk,  # type: ignore[arg-type]
    )
    messages.success(request, _("已更新原因。"))
    return redirect("billing:reasons")


def _groups() -> list[tuple[str, list[Any]]]:
    rows = list(Reason.objects.all())
    return [
        (_(purpose.label), [row for row in rows if row.purpose == purpose])
        for purpose in Reason.Purpose
    ]
