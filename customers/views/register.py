"""U2 登记客户: the record is checked as it is typed, and refused with every fault at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from customers.forms import RegisterForm, typed_record
from customers.queries.home_organisation import home_organisation
from customers.rules.areas import DEFAULT_AREA
from customers.services.document_copies import keep_copies
from customers.services.record_input import ContactInput, DocumentInput
from customers.services.registration import register_customer
from customers.views.standing import duplicates_of, standing_of

TEMPLATE = "customers/register.html"


@requires("customer.register")
def register(request: HttpRequest) -> HttpResponse:
    """The form; posting it registers the customer and leads to its page."""
    if request.method != "POST":
        form = RegisterForm(initial=_initial(request))
        return render(request, TEMPLATE, _context(request, form, form.initial))
    form = RegisterForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, form, request.POST))
    given = form.cleaned_data
    if not given["another"] and duplicates_of(typed_record(given), staff=request.user):
        form.add_error("another", _("可能已经登记过。核对右侧的客户，确认不同后勾选再提交。"))
        return render_refused(request, TEMPLATE, _context(request, form, request.POST))
    try:
        customer = register_customer(
            kind=given["kind"],
            name=given["name"],
            area=given["area"],
            document=DocumentInput(
                type=given["document_type"],
                number=given["document_number"],
                address=given["document_address"],
            ),
            contact=ContactInput(
                name=given["contact_name"],
                phone=given["contact_phone"],
                position=given["contact_position"],
            ),
            postal_address=given["postal_address"],
            organisation_id=home_organisation(
                area=given["area"],
                registered_at_id=request.user.organisation_id,  # type: ignore[union-attr]
            ),
            account_manager_id=_manager_id(request, given),
            complete=True,
            at=clock.now(),
            by_id=request.user.pk,
        )
    except BadInputError as refused:
        context = _context(request, form, request.POST)
        return render_refused(request, TEMPLATE, context, refused=refused)
    keep_copies(
        customer_id=customer.pk, copies=form.copies(), at=clock.now(), by_id=request.user.pk
    )
    messages.success(request, _("客户 %(code)s 已登记。") % {"code": customer.code})
    return redirect("desk:customer", code=customer.code)


def _manager_id(request: HttpRequest, given: dict[str, Any]) -> int | None:
    """Whom the customer is assigned to; an account manager's new customers are the own ones."""
    if access.sees_own_customers_only(request.user):
        return request.user.pk
    return given["account_manager"].pk if given["account_manager"] else None


def _initial(request: HttpRequest) -> dict[str, Any]:
    organisation = getattr(request.user, "organisation", None)
    area = organisation.area if organisation else ""
    return {
        "kind": "enterprise",
        "area": area or DEFAULT_AREA,
        "document_type": "business_license",
        "name": request.GET.get("name", ""),
    }


def _context(request: HttpRequest, form: RegisterForm, data: Any) -> dict[str, Any]:
    return {
        "form": form,
        "standing": standing_of(data, staff=request.user),
        "chooses_manager": not access.sees_own_customers_only(request.user),
        "crumbs": [(_("客户"), reverse("customers:list")), (_("登记客户"), "")],
    }
