"""资费重批: preview what a tariff correction brings, ask a second person, see it done (BIL-7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Rerating
from billing.queries.offerings import offering_names
from billing.services import reratings
from billing.services.rerating_report import DO, LOOK
from billing.views import running
from billing.views.rerating_forms import AskForm, PreviewForm
from billing.views.rerating_list import range_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval, BatchRun, BatchStep
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.periods import Month, business_date
from bss.kernel.sentences import read
from packages_wo.models import CatalogueVersion

PAGE, NEW = "billing/rerating.html", "billing/rerating_new.html"
VERSIONS_SHOWN = 5


@requires("rerating.make")
def rerating_new(request: HttpRequest) -> HttpResponse:
    """Choose what is looked at; the preview runs behind and changes nothing."""
    at = clock.now()
    form = PreviewForm(request.POST or None, staff=request.user, today=business_date(at))
    context = {
        "form": form,
        "versions": CatalogueVersion.objects.defer("document")
        .filter(effective_from__lte=business_date(at))
        .order_by("-loaded_at", "-pk")[:VERSIONS_SHOWN],
        "may_see_catalogue": access.can(request.user, "bundle.view"),
        "crumbs": [(_("资费重批"), reverse("billing:reratings")), (_("预览"), "")],
    }
    if request.method != "POST":
        return render(request, NEW, context)
    if not form.is_valid():
        return render_refused(request, NEW, context)
    asked = form.cleaned_data
    try:
        rerating = reratings.begin(
            first_month=Month.parse(asked["first_month"]),
            last_month=Month.parse(asked["last_month"]),
            offering=asked["offering"],
            customer_id=asked["customer"],
            credits_only=asked["credits_only"],
            at=at,
            by_id=request.user.pk,
        )
        if not running.worker_answers():
            reratings.look(rerating)
    except BadInputError as refused:
        return render_refused(request, NEW, context, refused=refused)
    return redirect("billing:rerating", rerating_id=rerating.pk)


@requires("month.view")
def rerating_page(request: HttpRequest, rerating_id: int) -> HttpResponse:
    """One re-rating: how far it is, what it brings, and who said yes."""
    rerating = _rerating_or_404(rerating_id)
    context = _context(request, rerating) | {"is_swapped": bool(request.headers.get("HX-Request"))}
    return render_part(request, PAGE, "progress", context)


@require_POST
@requires("rerating.make")
def ask_to_rerate(request: HttpRequest, rerating_id: int) -> HttpResponse:
    """Ask a second person for it."""
    rerating = _rerating_or_404(rerating_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return render_refused(request, PAGE, {**_context(request, rerating), "form": form})
    try:
        approval = reratings.ask(
            rerating_id=rerating.pk,
            by_id=request.user.pk,  # type: ignore[arg-type]
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        context = {**_context(request, rerating), "form": form}
        return render_refused(request, PAGE, context, refused=refused)
    messages.success(request, _("已提交审批，批准后由后台按预览办理。"))
    return redirect("oversight:approval", pk=approval.pk)


def _rerating_or_404(rerating_id: int) -> Rerating:
    rows = Rerating.objects.select_related("customer", "by", "approval__asked_by")
    return get_object_or_404(rows.select_related("approval__decided_by"), pk=rerating_id)


def _context(request: HttpRequest, rerating: Rerating) -> dict[str, Any]:
    steps = _steps(rerating)
    found = rerating.found
    is_looked = bool(found)
    pending = Approval.objects.filter(
        kind=reratings.KIND,
        state=Approval.State.ASKED,
        payload__rerating_id=rerating.pk,
    ).first()
    may_ask = (
        access.can(request.user, "rerating.make")
        and rerating.state == Rerating.State.LOOKED
        and pending is None
        and bool(found["totals"]["adjust"] or found["totals"]["replace"])
    )
    return {
        "rerating": rerating,
        "months": range_of(rerating),
        "offering": offering_names(rerating.last_month)(rerating.offering),
        "is_running": rerating.state in (Rerating.State.LOOKING, Rerating.State.APPROVED),
        "done_steps": sum(step.state == BatchStep.State.DONE for step in steps),
        "steps": steps,
        "problems": [step.last_error for step in steps if step.last_error],
        "is_looked": is_looked,
        "found": found,
        "totals": found.get("totals", {}),
        "credits_fen": -found["totals"]["credits_fen"] if is_looked else 0,
        "items": _items(found) if is_looked else [],
        "chart": _chart(found) if is_looked else [],
        "largest": [{**row, "why": read(row["why"])} for row in found.get("largest", [])],
        "pending": pending,
        "form": AskForm() if may_ask and not found["unpriced"] else None,
        "crumbs": [(_("资费重批"), reverse("billing:reratings")), (rerating.code, "")],
    }


def _items(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "fen": row["new_fen"] - row["old_fen"]} for row in found["items"]]


def _chart(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(_(row["label"]), row["fen"]) for row in _items(found) if row["fen"]]


def _steps(rerating: Rerating) -> list[BatchStep]:
    """Of what is under way: the preview, or the doing."""
    kind = LOOK if rerating.state in (Rerating.State.LOOKING, Rerating.State.LOOKED) else DO
    run = BatchRun.objects.filter(kind=kind, key=str(rerating.pk)).first()
    return list(run.steps.order_by("position", "shard")) if run else []
