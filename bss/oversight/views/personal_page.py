"""A5 个人信息: what a customer may ask of us: a copy, or to be forgotten; and what forbids it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bss.identity.stepup import has_recently_proved, recently_proved
from bss.kernel import access, approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Approval
from bss.kernel.pages.render import render_refused
from bss.kernel.papers import PapersUnavailable
from bss.kernel.periods import business_date
from bss.oversight.personal_kinds import ERASE
from bss.oversight.services.erasure import obstacles_of
from bss.oversight.services.subject_export import export_subject
from bss.oversight.views.personal_forms import EraseForm, HoldForm, SubjectExportForm
from customers.models import Customer, LegalHold
from customers.queries.legal_holds import holds_of
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.services.legal_holds import lift_hold, place_hold

TEMPLATE = "oversight/personal.html"


@requires("customer.subject_export")
def personal_page(request: HttpRequest, code: str) -> HttpResponse:
    """Where the customer's data stands: holds, what speaks against erasing, the two requests."""
    return render(request, TEMPLATE, _context(request, _found(request, code)))


@require_POST
@never_cache
@requires("customer.subject_export")
@recently_proved
def subject_export(request: HttpRequest, code: str) -> HttpResponse:
    """The zip of everything that is held about the customer."""
    customer = _found(request, code)
    form = SubjectExportForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, customer, export_form=form))
    try:
        content = export_subject(
            customer_id=customer.pk,
            reason=form.cleaned_data["reason"],
            viewer=str(request.user),
            at=clock.now(),
        )
    except (BadInputError, PapersUnavailable) as refused:
        fault = refused if isinstance(refused, BadInputError) else BadInputError(("", str(refused)))
        context = _context(request, customer, export_form=form)
        return render_refused(request, TEMPLATE, context, refused=fault)
    name = f"subject-{customer.code}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@requires("customer.erase")
def hold(request: HttpRequest, code: str) -> HttpResponse:
    """Place a legal hold."""
    customer = _found(request, code)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, customer, hold_form=form))
    try:
        place_hold(
            customer_id=customer.pk,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            at=clock.now(),
            by_id=request.user.pk,
        )
    except BadInputError as refused:
        context = _context(request, customer, hold_form=form)
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已登记法律保留；保留期间资料不会删除。"))
    return redirect("oversight:personal", code=customer.code)


@require_POST
@requires("customer.erase")
def lift(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Lift a legal hold."""
    customer = _found(request, code)
    found = get_object_or_404(LegalHold, pk=pk, customer=customer)
    try:
        lift_hold(hold_id=found.pk, at=clock.now(), by_id=request.user.pk)
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, _context(request, customer), refused=refused)
    messages.success(request, _("法律保留已解除。"))
    return redirect("oversight:personal", code=customer.code)


@require_POST
@requires("customer.erase")
@recently_proved
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a second person to have the customer erased."""
    customer = _found(request, code)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, customer, erase_form=form))
    at = clock.now()
    try:
        if obstacles := obstacles_of(customer, at=at):
            raise BadInputError(*(("", sentence) for sentence in obstacles))
        approval = approvals.ask(
            kind=ERASE,
            payload={"customer_id": customer.pk},
            asked_by_id=request.user.pk,  # type: ignore[arg-type]
            at=at,
            reason=form.cleaned_data["reason"],
        )
    except BadInputError as refused:
        context = _context(request, customer, erase_form=form)
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已提交审批；另一位同事批准后立即执行。"))
    return redirect("oversight:approval", pk=approval.pk)


def _found(request: HttpRequest, code: str) -> Customer:
    return get_object_or_404(visible_customers(request.user), code=code)


def _context(request: HttpRequest, customer: Customer, **forms: Any) -> dict[str, Any]:
    at = clock.now()
    name = shown_name(customer)
    asked = Approval.objects.filter(
        kind=ERASE, state=Approval.State.ASKED, payload__customer_id=customer.pk
    )
    return {
        "customer": customer,
        "name": name,
        "holds": list(holds_of(customer.pk, on=business_date(at))),
        "obstacles": [_(sentence) for sentence in obstacles_of(customer, at=at)],
        "asked": asked.first(),
        "may_erase": access.can(request.user, "customer.erase"),
        "proved": has_recently_proved(request),
        "export_form": SubjectExportForm(),
        "hold_form": HoldForm(),
        "erase_form": EraseForm(),
        "crumbs": [
            (_("客户"), reverse("customers:list")),
            (name, reverse("desk:customer", args=[customer.code])),
            (_("个人信息"), ""),
        ],
        **forms,
    }
