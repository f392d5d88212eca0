"""One approval: exactly what will be done, why, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.identity.stepup import has_recently_proved, recently_proved
from bss.kernel import approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.oversight.queries.inbox import seen_by
from bss.oversight.views.approval_list import title_of
from bss.oversight.views.forms import DecisionForm

TEMPLATE = "oversight/approval.html"


def approval_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked and what became of it; for the asker and those who may decide."""
    return render(request, TEMPLATE, _context(request, _found(request, pk)))


@require_POST
@requires("approval.decide")
@recently_proved
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve and do it, or refuse; what is not done comes back with its reason."""
    approval = _found(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, approval, form=form))
    try:
        approval = approvals.decide(
            approval_id=approval.pk,
            decided_by_id=request.user.pk,  # type: ignore[arg-type]
            approve=form.cleaned_data["answer"] == "approve",
            at=clock.now(),
            note=form.cleaned_data["note"],
        )
    except (BadInputError, RefusedError) as refused:
        context = _context(request, _found(request, pk), form=form)
        return render_refused(request, TEMPLATE, context, refused=refused)
    is_done = approval.state == Approval.State.APPROVED
    messages.success(request, _("已批准并执行。") if is_done else _("已驳回，申请人会收到通知。"))
    return redirect("oversight:approvals")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    approval = _found(request, pk)
    try:
        approvals.withdraw(
            approval_id=approval.pk,
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(
            request, TEMPLATE, _context(request, _found(request, pk)), refused=refused
        )
    messages.success(request, _("申请已撤回。"))
    return redirect("oversight:approval", pk=pk)


def _found(request: HttpRequest, pk: int) -> Approval:
    staff: Any = request.user
    try:
        return seen_by(staff, pk)
    except Approval.DoesNotExist:
        raise Http404 from None


def _context(
    request: HttpRequest, approval: Approval, *, form: DecisionForm | None = None
) -> dict[str, Any]:
    staff: Any = request.user
    title = title_of(approval)
    is_asked = approval.state == Approval.State.ASKED
    is_mine = approval.asked_by_id == staff.pk
    return {
        "approval": approval,
        "title": title,
        "lines": approvals.lines_of(approval),
        "is_asked": is_asked,
        "is_mine": is_mine,
        "may_decide": is_asked and approvals.may_decide(staff, approval),
        "proved": has_recently_proved(request),
        "form": form or DecisionForm(),
        "way_on": approval.result.get("url", "") if is_mine and approval.result else "",
        "crumbs": [(_("审批"), reverse("oversight:approvals")), (title, "")],
    }
