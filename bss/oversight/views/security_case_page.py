"""One security case: the entries that were counted, what was done, and the next step."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.pages.render import render_refused
from bss.oversight.models import SecurityCase, SecurityStep
from bss.oversight.queries.audit_trail import codes_of
from bss.oversight.queries.security_cases import cases_for, evidence_of, handlers
from bss.oversight.services import security_cases
from bss.oversight.views.audit import action_of
from bss.oversight.views.case_forms import ReviewForm, StepForm
from bss.oversight.views.security_case_list import rule_word, whom_word

TEMPLATE = "oversight/security_case.html"
Action = SecurityStep.Action

# What can be done in each state; the first is the next step.
NEXT: dict[str, tuple[Action, ...]] = {
    SecurityCase.State.OPEN: (Action.REVIEW, Action.NOTE),
    SecurityCase.State.UNDER_REVIEW: (
        Action.DISMISS,
        Action.CONFIRM,
        Action.NOTE,
        Action.REVIEW,
    ),
    SecurityCase.State.CONFIRMED: (Action.NOTE,),
    SecurityCase.State.DISMISSED: (Action.NOTE,),
}
LOOKS = {
    Action.OPEN: ("warning", "warning"),
    Action.HIT: ("warning", "again"),
    Action.REVIEW: ("waiting", "right"),
    Action.NOTE: ("", "edit"),
    Action.CONFIRM: ("bad", "flag"),
    Action.DISMISS: ("good", "done"),
}


@requires("security_case.view")
def security_case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole case."""
    return render(request, TEMPLATE, _context(request, _found(request, pk)))


@require_POST
@requires("security_case.handle")
def security_case_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do the next thing; what cannot be done comes back with its reason and what was typed."""
    case = _found(request, pk)
    form = _form(action, case, request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, case, typed={action: form}))
    given: dict[str, Any] = {"text": form.cleaned_data["text"]}
    if action == Action.REVIEW:
        given["assignee_id"] = form.cleaned_data["assignee"].pk
    try:
        getattr(security_cases, action)(
            case_id=case.pk, at=clock.now(), by_id=request.user.pk, **given
        )
    except BadInputError as refused:
        context = _context(request, _found(request, pk), typed={action: form})
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已记录：%(step)s") % {"step": Action(action).label})
    return redirect("oversight:security_case", pk=pk)


def _found(request: HttpRequest, pk: int) -> SecurityCase:
    case = cases_for(request.user).filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def _form(action: str, case: SecurityCase, data: Any = None) -> Any:
    more = {"auto_id": f"id_{action}_%s"}
    if action == Action.REVIEW:
        return ReviewForm(data, handlers=handlers(case), **more)  # type: ignore[arg-type]
    return StepForm(data, **more)  # type: ignore[arg-type]


def _context(
    request: HttpRequest, case: SecurityCase, *, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    may_handle = access.can(request.user, "security_case.handle")
    return {
        "case": case,
        "rule": rule_word(case),
        "whom": whom_word(case),
        "entries": _in_words(evidence_of(case)),
        "events": [_event(step) for step in case.steps.select_related("staff").order_by("-pk")],
        "actions": _actions(case, typed or {}) if may_handle else [],
        "crumbs": [(_("安全案件"), reverse("oversight:security_cases")), (case.code, "")],
    }


def _actions(case: SecurityCase, typed: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": action.value,
            "label": action.label,
            "form": typed.get(action) or _form(action, case),
            "open": action in typed or (place == 0 and not typed),
            "url": reverse("oversight:security_case_step", args=[case.pk, action.value]),
        }
        for place, action in enumerate(NEXT[case.state])
    ]


def _in_words(entries: list[AuditEntry]) -> list[tuple[AuditEntry, str, str]]:
    """Each entry with what was done and the customer's code, if it is about one."""
    codes = codes_of({entry.customer_id for entry in entries if entry.customer_id})
    return [(entry, action_of(entry), codes.get(entry.customer_id or 0, "")) for entry in entries]


def _event(step: SecurityStep) -> dict[str, Any]:
    action = Action(step.action)
    meaning, icon = LOOKS[action]
    detail = step.text
    if action in (Action.OPEN, Action.HIT):
        detail = _("命中 %(n)s 条审计记录") % {"n": step.text}
    return {
        "when": step.at,
        "title": action.label,
        "detail": detail,
        "meaning": meaning,
        "icon": icon,
        "who": step.staff,
    }
