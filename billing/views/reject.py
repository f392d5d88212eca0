"""One reject: why, its fields with the numbers masked, put right or judged again (RAT-15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import UsageReject
from billing.queries.rejects import line_to_judge
from billing.rules.usage_correction import FIELD_WORDS, column_names, faults_of
from billing.rules.usage_line import line_fields, masked_text
from billing.services import reject_mending
from billing.views import month_rooms
from billing.views.reject_retry import tell
from billing.views.reject_words import NOT_TO_BE_MENDED, cause_of, what_to_do
from billing.views.usage_forms import CorrectForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused

TEMPLATE = "billing/reject.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field as it is judged, with its numbers masked, and what is wrong with it."""

    label: str
    value: str
    fault: str
    input: Any = None


@requires("month.view")
def reject_page(request: HttpRequest, reject_id: int) -> HttpResponse:
    """Why it is not rated, and what can be done."""
    return render(request, TEMPLATE, _context(request, reject_id))


@require_POST
@requires("usage.load")
def retry_one(request: HttpRequest, reject_id: int) -> HttpResponse:
    """Judge this one again."""
    reject = get_object_or_404(UsageReject, pk=reject_id)
    one = UsageReject.objects.filter(pk=reject.pk)
    tell(request, reject_mending.retry(rejects=one, at=clock.now(), by_id=request.user.pk))
    return redirect("billing:reject", reject_id=reject.pk)


@require_POST
@requires("usage.load")
def correct(request: HttpRequest, reject_id: int) -> HttpResponse:
    """Put fields right, with the reason, and judge it again."""
    context = _context(request, reject_id, given=request.POST)
    form: CorrectForm = context["form"]
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        done = reject_mending.correct(
            reject_id=reject_id,
            values=form.values,
            reason=form.cleaned_data["reason"],
            by_id=request.user.pk,
            at=clock.now(),
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=_in_words(refused))
    tell(request, done)
    return redirect("billing:reject", reject_id=reject_id)


def _context(
    request: HttpRequest, reject_id: int, *, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    rows = UsageReject.objects.select_related("file").prefetch_related("corrections__by")
    reject = get_object_or_404(rows, pk=reject_id)
    at = clock.now()
    file = reject.file
    names = column_names(file.columns, format=file.format)
    line = line_to_judge(reject)
    fields = line_fields(line, format=file.format, columns=file.columns) or {}
    is_open = reject.state == UsageReject.State.OPEN
    may_mend = is_open and access.can(request.user, "usage.load")
    form = CorrectForm(given, names=_correctable(reject, names))
    faults = faults_of(fields, at=at) if fields and reject.reason == "malformed" else {}
    return {
        "reject": reject,
        "cause": cause_of(reject, fields, at=at),
        "advice": what_to_do(reject, fields) if is_open else "",
        "fields": [
            Shown(
                label=_(FIELD_WORDS.get(name, name)),
                value=_masked(reject, name, fields.get(name, "")),
                fault=_(faults[name]) if name in faults else "",
                input=form[name] if name in form.fields else None,
            )
            for name in names
        ],
        "corrections": [
            (one, [_(FIELD_WORDS.get(name, name)) for name in one.fields])
            for one in reject.corrections.all()
        ],
        "form": form,
        "may_mend": may_mend,
        "may_correct": may_mend and reject.reason not in NOT_TO_BE_MENDED,
        "crumbs": month_rooms.crumbs(
            (_("错单"), reverse("billing:rejects")), (f"{file.name}:{reject.line_no}", "")
        ),
    }


def _correctable(reject: UsageReject, names: list[str]) -> list[str]:
    """A record keeps its id, unless that could not be read."""
    if reject.reason == UsageReject.Reason.MALFORMED:
        return names
    return [name for name in names if name != "record_id"]


def _masked(reject: UsageReject, name: str, value: str) -> str:
    return reject.record_id if name == "record_id" else masked_text(value)


def _in_words(refused: BadInputError) -> BadInputError:
    """The places of its faults as the page calls them."""
    faults = [
        (_(FIELD_WORDS[place]) if place in FIELD_WORDS else place, said)
        for place, said in refused.faults
    ]
    return BadInputError(*faults)
