"""分类: the classes of one customer, given and taken with a reason; the dated rows stay."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from customers.models import ClassMembership, Customer, CustomerClass, LevelChange
from customers.queries.classes import classes_of
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.services.classifying import give_class, take_class
from customers.views.class_forms import GiveClassForm, TakeClassForm

TEMPLATE = "customers/classify.html"
SHOWN_AT_MOST = 20


@requires("customer.classify")
def classify(request: HttpRequest, code: str) -> HttpResponse:
    """What the customer is; posting gives one more class."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    held = classes_of(customer.pk)
    classes = CustomerClass.objects.filter(active=True).exclude(pk__in=[one.pk for one in held])
    form = GiveClassForm(request.POST or None, classes=classes)
    context = _context(customer, held, form=form)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        give_class(
            customer_id=customer.pk,
            class_id=form.cleaned_data["customer_class"].pk,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(
        request, _("已归入 %(name)s。") % {"name": form.cleaned_data["customer_class"]}
    )
    return redirect("customers:classify", code=customer.code)


@require_POST
@requires("customer.classify")
def declassify(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The customer no longer is of this class."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    form = TakeClassForm(request.POST)
    held = classes_of(customer.pk)
    context = _context(
        customer, held, form=GiveClassForm(classes=CustomerClass.objects.filter(active=True))
    ) | {"taking": form}
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        take_class(
            customer_id=customer.pk,
            class_id=pk,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已取消这个类别。"))
    return redirect("customers:classify", code=customer.code)


def _context(
    customer: Customer, held: list[CustomerClass], *, form: GiveClassForm
) -> dict[str, Any]:
    history = ClassMembership.objects.filter(customer=customer)
    changes = LevelChange.objects.filter(customer=customer)
    return {
        "customer": customer,
        "name": shown_name(customer),
        "held": held,
        "figures": getattr(customer, "figures", None),
        "history": history.select_related("customer_class", "given_by")[:SHOWN_AT_MOST],
        "changes": changes.select_related("before", "after", "decided_by")[:SHOWN_AT_MOST],
        "form": form,
        "take_form": TakeClassForm(),
        "crumbs": [
            (_("客户"), reverse("customers:list")),
            (shown_name(customer), reverse("desk:customer", args=[customer.code])),
            (_("客户类别"), ""),
        ],
    }
