"""U2 更正客户资料: personal data stays masked; what is left empty stays as it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from customers.forms import CorrectForm
from customers.models import Customer
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.rules.record_fields import RecordFields
from customers.services.document_copies import keep_copies
from customers.services.record_input import ContactInput, DocumentInput
from customers.services.registration import correct_customer
from customers.views.known import known_record, masked_record
from customers.views.standing import standing_of

TEMPLATE = "customers/correct.html"


@requires("customer.register")
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """The form; posting it corrects the record and leads back to the customer."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    known = known_record(customer)
    if request.method != "POST":
        form = _form(customer, known)
        return render(request, TEMPLATE, _context(request, customer, known, form, form.initial))
    form = _form(customer, known, request.POST, request.FILES)
    context = _context(request, customer, known, form, request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    given = form.cleaned_data
    try:
        correct_customer(
            customer_id=customer.pk,
            name=given["name"] or customer.name,
            document=_document(given, known),
            contact=_contact(given, known),
            postal_address=given["postal_address"] or known.postal_address,
            area=given["area"],
            account_manager_id=_manager_id(request, given),
            at=clock.now(),
            by_id=request.user.pk,
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    keep_copies(
        customer_id=customer.pk, copies=form.copies(), at=clock.now(), by_id=request.user.pk
    )
    messages.success(request, _("客户 %(code)s 的资料已更正。") % {"code": customer.code})
    return redirect("desk:customer", code=customer.code)


def _form(
    customer: Customer, known: RecordFields, data: Any = None, files: Any = None
) -> CorrectForm:
    person = customer.kind == Customer.Kind.INDIVIDUAL
    masked = masked_record(known)
    if person:
        masked["name"] = shown_name(customer)
    initial = {
        "name": "" if person else customer.name,
        "area": customer.area,
        "account_manager": customer.account_manager_id,
        "document_type": known.document_type,
    }
    return CorrectForm(data, files, masked=masked, initial=initial)


def _document(given: dict[str, Any], known: RecordFields) -> DocumentInput | None:
    """The document as corrected; None when nothing of it was."""
    typed = given["document_number"] or given["document_address"]
    if not typed and given["document_type"] == known.document_type:
        return None
    return DocumentInput(
        type=given["document_type"],
        number=given["document_number"] or known.document_number,
        address=given["document_address"] or known.document_address,
    )


def _contact(given: dict[str, Any], known: RecordFields) -> ContactInput | None:
    if not (given["contact_name"] or given["contact_phone"] or given["contact_position"]):
        return None
    return ContactInput(
        name=given["contact_name"] or known.contact_name,
        phone=given["contact_phone"] or known.contact_phone,
        position=given["contact_position"],
    )


def _manager_id(request: HttpRequest, given: dict[str, Any]) -> int | None:
    """A manager cannot give customers away; the others may."""
    if access.sees_own_customers_only(request.user) or not given["account_manager"]:
        return None
    return int(given["account_manager"].pk)


def _context(
    request: HttpRequest, customer: Customer, known: RecordFields, form: CorrectForm, data: Any
) -> dict[str, Any]:
    return {
        "customer": customer,
        "customer_name": shown_name(customer),
        "form": form,
        "standing": standing_of(data, staff=request.user, known=known, besides_id=customer.pk),
        "chooses_manager": not access.sees_own_customers_only(request.user),
        "crumbs": [
            (_("客户"), reverse("customers:list")),
            (shown_name(customer), reverse("desk:customer", args=[customer.code])),
            (_("更正资料"), ""),
        ],
    }
