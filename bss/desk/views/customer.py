"""U1 客户全貌: the one page from which a customer is served."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from billing.queries.accounts import AccountView, accounts_of
from bss.desk.links import Way, address_of, way
from bss.desk.queries.advice_cards import advice_cards
from bss.desk.queries.bundle_cards import BundleCard, bundle_cards
from bss.desk.queries.history import history_of
from bss.desk.queries.money import billed_by_month
from bss.desk.queries.subscriptions import subscription_counts, subscription_rows
from bss.desk.views.reveal_form import RevealForm
from bss.identity.stepup import has_recently_proved, recently_proved
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import Month, business_date
from complaints.queries.case_file import open_cases_of
from customers.models import Customer
from customers.queries.classes import classes_of
from customers.queries.document_copies import copies_of
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.rules.completeness import LABELS, points_without
from customers.rules.record_fields import RecordFields, missing_fields
from customers.services.reveal import InClear
from customers.services.reveal import reveal as reveal_customer
from customers.views.known import known_record, masked_record
from orders.models import Order
from packages_wo.models import Bundle

TEMPLATE = "desk/customer.html"
ORDERS_SHOWN = 8


@requires("customer.view")
def customer_page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole customer, personal data masked."""
    try:
        customer = _found(request, code)
    except Http404:
        survivor = visible_customers(request.user).filter(absorbed__code=code).first()
        if survivor is None:
            raise
        codes = {"code": code, "survivor": survivor.code}
        messages.info(request, _("客户 %(code)s 已并入 %(survivor)s。") % codes)
        return redirect("desk:customer", code=survivor.code)
    return render(request, TEMPLATE, _context(request, customer))


@require_POST
@never_cache
@requires("customer.reveal")
@recently_proved
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """The same page with personal data in clear, for a reason that the audit keeps.

    Only this answer shows it; after some minutes the browser goes back to the masked page.
    """
    customer = _found(request, code)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, customer, form=form))
    at = clock.now()
    try:
        in_clear = reveal_customer(customer_id=customer.pk, at=at, **form.cleaned_data)
    except BadInputError as refused:
        form.take(refused)
        return render_refused(request, TEMPLATE, _context(request, customer, form=form))
    response = render(request, TEMPLATE, _context(request, customer, in_clear=in_clear))
    back = reverse("desk:customer", args=[customer.code])
    response.headers["Refresh"] = f"{settings.REVEAL_MINUTES * 60}; url={back}"
    return response


def _found(request: HttpRequest, code: str) -> Customer:
    customers = visible_customers(request.user).select_related("account_manager", "organisation")
    return get_object_or_404(customers, code=code)


def _context(
    request: HttpRequest,
    customer: Customer,
    *,
    form: RevealForm | None = None,
    in_clear: InClear | None = None,
) -> dict[str, Any]:
    at = clock.now()
    month = Month.of(business_date(at))
    known = known_record(customer)
    name = in_clear.name if in_clear else shown_name(customer)
    accounts = accounts_of(customer.pk, at=at)
    staff = request.user
    bundles = bundle_cards(customer.pk, month=month)
    return {
        "customer": customer,
        "name": name,
        "month": month,
        "subscriptions": subscription_rows(customer.pk, at=at),
        "counts": subscription_counts(customer.pk),
        **_advice(staff, customer, bundles, at),
        "bundles": bundles,
        "accounts": [account for account in accounts if not _is_idle(account)],
        "idle_accounts": [account for account in accounts if _is_idle(account)],
        "due_fen": sum(account.due_fen for account in accounts),
        "overdue_fen": sum(account.overdue_fen for account in accounts),
        "balance_fen": sum(account.balance_fen for account in accounts),
        "bills": [
            (_("%(n)s月") % {"n": m.number}, fen)
            for m, fen in billed_by_month(customer.pk, month=month)
        ],
        "orders": Order.objects.filter(customer=customer).order_by("-id")[:ORDERS_SHOWN],
        "cases": list(open_cases_of(customer.pk)),
        "record": _record(known, revealed=in_clear is not None),
        "documents": list(customer.documents.all()),
        "contacts": list(customer.contacts.all()),
        "copies": copies_of(customer.pk, revealed=in_clear is not None),
        "classes": classes_of(customer.pk),
        **_completeness(known),
        "may_correct": access.can(staff, "customer.register"),
        "revealed": in_clear,
        "revealed_until": at + timedelta(minutes=settings.REVEAL_MINUTES),
        "proved": has_recently_proved(request),
        "may_reveal": access.can(staff, "customer.reveal"),
        "reveal_form": form or RevealForm(),
        "events": history_of(customer.pk),
        "actions": _actions(staff, customer),
        "may_single": access.can(staff, "order.accept")
        and bool(address_of("orders:single", "hold")),
        "may_pay": access.can(staff, "payment.take"),
        "crumbs": [(_("客户"), reverse("customers:list")), (name, "")],
    }


def _advice(
    staff: Any, customer: Customer, bundles: list[BundleCard], at: datetime
) -> dict[str, Any]:
    """What the adviser says, where a bundle is in force and the person may look at bundles."""
    shown = access.can(staff, "bundle.view") and any(
        one.bundle.state == Bundle.State.IN_FORCE for one in bundles
    )
    return {
        "advice_shown": shown,
        "advice": advice_cards(customer.pk, at=at) if shown else [],
        "may_advise": access.can(staff, "bundle.open"),
    }


def _is_idle(view: AccountView) -> bool:
    """An account that pays nobody now and holds and owes nothing."""
    return not (view.subscriptions or view.balance_fen or view.due_fen)


def _completeness(known: RecordFields) -> dict[str, Any]:
    """The score and what it lacks. Source: S40-6."""
    missing = missing_fields(known)
    return {
        "completeness": points_without(missing),
        "lacking": [LABELS[field] for field in missing],
        "filled": len(LABELS) - len(missing),
        "mandatory": len(LABELS),
    }


def _record(known: Any, *, revealed: bool) -> dict[str, str]:
    if not revealed:
        return masked_record(known)
    return {field: getattr(known, field) for field in masked_record(known)}


def _actions(staff: Any, customer: Customer) -> list[Way]:
    """What can be done for this customer from here."""
    company = customer.kind == Customer.Kind.ENTERPRISE
    opening = address_of("orders:open", customer=customer.code) if company else ""
    case = address_of("complaints:new", customer=customer.code)
    correction = address_of("customers:correct", customer.code)
    points = address_of("customers:points", customer.code)
    classes = address_of("customers:classify", customer.code)
    personal = address_of("oversight:personal", customer.code)
    trail = address_of("oversight:audit", whom=customer.code)
    return [
        *way(staff, "audit.view", trail, _("查看记录"), icon="eye"),
        *way(staff, "customer.subject_export", personal, _("个人信息"), icon="lock"),
        *way(staff, "customer.view", points, _("积分"), icon="flag"),
        *way(staff, "customer.classify", classes, _("客户类别"), icon="flag"),
        *way(staff, "customer.register", correction, _("更正资料"), icon="edit"),
        *way(staff, "case.handle", case, _("受理案件"), icon="case"),
        *way(staff, "bundle.open", opening, _("开通沃·商务"), icon="play", main=True),
    ]
