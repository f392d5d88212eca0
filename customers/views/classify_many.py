"""One class for all customers of the list: asked for here, done after a second person's yes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bss.kernel.access import requires
from customers.classify_kinds import CLASSIFY
from customers.models import CustomerClass
from customers.views.class_forms import GiveClassForm
from customers.views.many import (
    CHANGED_AT_MOST,
    asked_of,
    chosen_by,
    context_of,
    ids_of,
    size_faults,
)


@requires("customer.classify")
def ask_classify(request: HttpRequest) -> HttpResponse:
    """The customers of the list: ask for it."""
    keys = ids_of(chosen_by(request))
    classes = CustomerClass.objects.filter(active=True)
    form = GiveClassForm(request.POST or None, classes=classes)
    given: Any = form.cleaned_data if form.is_bound and form.is_valid() else {}
    one = given.get("customer_class")
    return asked_of(
        request,
        "customers/ask_classify.html",
        context_of(_("批量归入类别"), form=form, count=len(keys)),
        kind=CLASSIFY,
        payload={"customer_ids": keys, "class_id": one.pk if one else None},
        faults=size_faults(len(keys), most=CHANGED_AT_MOST),
    )
