"""A case: its promise, its time line, and what can be done with it now."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from complaints.models import Case, CaseStep
from complaints.queries.case_file import case_by_code, open_cases_of, steps_of
from complaints.rules.categories import BY_CODE
from complaints.services import handling
from complaints.views.case_list import customer_name
from complaints.views.forms import STEP_FORMS, StepForm

TEMPLATE = "complaints/case_page.html"
Action = CaseStep.Action

# What can be done in each state; the first is the next step of the closed loop.
NEXT: dict[str, tuple[str, ...]] = {
    Case.State.ACCEPTED: (Action.DISPATCH, Action.REPLY, Action.NOTE),
    Case.State.DISPATCHED: (Action.REPLY, Action.DISPATCH, Action.NOTE),
    Case.State.REPLIED: (Action.CALL_BACK, Action.REOPEN, Action.NOTE),
    Case.State.CALLED_BACK: (Action.CLOSE, Action.REOPEN, Action.NOTE),
    Case.State.CLOSED: (Action.REOPEN, Action.NOTE),
}
LOOKS: dict[str, tuple[str, str]] = {
    Action.ACCEPT: ("waiting", "case"),
    Action.DISPATCH: ("waiting", "right"),
    Action.NOTE: ("", "edit"),
    Action.REPLY: ("waiting", "line"),
    Action.CALL_BACK: ("good", "line"),
    Action.CLOSE: ("good", "done"),
    Action.REOPEN: ("warning", "again"),
}
LOOP = (
    (Case.State.ACCEPTED, Action.ACCEPT),
    (Case.State.DISPATCHED, Action.DISPATCH),
    (Case.State.REPLIED, Action.REPLY),
    (Case.State.CALLED_BACK, Action.CALL_BACK),
    (Case.State.CLOSED, Action.CLOSE),
)


@requires("case.view")
def case_page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole case."""
    case = _found(request, code)
    return render(request, TEMPLATE, _context(request, case))


@require_POST
@requires("case.handle")
def case_step(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Do the next thing; what cannot be done comes back with its reason and what was typed."""
    case = _found(request, code)
    service: Callable[..., Case] = getattr(handling, action)
    form = STEP_FORMS[action](request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, case, typed={action: form}))
    given: dict[str, Any] = {"text": form.cleaned_data["text"]}
    if action == Action.DISPATCH:
        given["handler_id"] = form.cleaned_data["handler"].pk
    if action != Action.NOTE:
        given["seen"] = form.cleaned_data["seen"]
    try:
        service(case_id=case.pk, at=clock.now(), by_id=request.user.pk, **given)
    except BadInputError as refused:
        case = _found(request, code)
        context = _context(request, case, typed={action: form})
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已记录：%(step)s") % {"step": Action(action).label})
    return redirect("complaints:case", code=code)


def _found(request: HttpRequest, code: str) -> Case:
    try:
        return case_by_code(code, staff=request.user)
    except Case.DoesNotExist:
        raise Http404 from None


def _context(
    request: HttpRequest, case: Case, *, typed: dict[str, StepForm] | None = None
) -> dict[str, Any]:
    steps = steps_of(case)
    category = BY_CODE[case.category]
    return {
        "case": case,
        "category": category,
        "customer_name": customer_name(case),
        "kept": case.closed_at is not None and case.closed_at <= case.due_at,
        "loop": _loop(case, steps),
        "events": [_event(step) for step in reversed(steps)],
        "actions": _actions(case, steps, typed or {})
        if access.can(request.user, "case.handle")
        else [],
        "others": list(open_cases_of(case.customer_id, but=case.pk)),
        "crumbs": [(_("案件"), reverse("complaints:list")), (case.code, "")],
    }


def _actions(case: Case, steps: list[CaseStep], typed: dict[str, StepForm]) -> list[dict[str, Any]]:
    shown = []
    for place, action in enumerate(NEXT[case.state]):
        form = typed.get(action) or STEP_FORMS[action](
            initial={"seen": len(steps), "handler": case.handler_id}, auto_id=f"id_{action}_%s"
        )
        shown.append(
            {
                "name": action,
                "label": Action(action).label,
                "form": form,
                "open": action in typed or (place == 0 and not typed),
                "url": reverse("complaints:step", args=[case.code, action]),
            }
        )
    return shown


def _event(step: CaseStep) -> dict[str, Any]:
    meaning, icon = LOOKS[step.action]
    title = str(Action(step.action).label)
    if step.handler is not None:
        title = _("%(step)s给 %(who)s") % {"step": title, "who": step.handler}
    return {
        "when": step.at,
        "title": title,
        "detail": step.text,
        "meaning": meaning,
        "icon": icon,
        "who": step.staff,
    }


def _loop(case: Case, steps: list[CaseStep]) -> list[dict[str, Any]]:
    """The closed loop from acceptance to filing, with when each was last done."""
    latest = {step.action: step.at for step in steps}
    states = [state for state, _action in LOOP]
    here = states.index(Case.State(case.state))
    return [
        {
            "label": state.label,
            "when": localtime(latest[action]).strftime("%m-%d %H:%M")
            if place <= here and action in latest
            else "",
            "state": "now" if place == here else "done" if place < here else "",
        }
        for place, (state, action) in enumerate(LOOP)
    ]
