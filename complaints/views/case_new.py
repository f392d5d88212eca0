"""Taking a matter: from a bill line it is filled in already, two clicks in all."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_name
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from complaints.queries.case_file import open_cases_of
from complaints.services.intake import open_case
from complaints.views.forms import NewCaseForm
from complaints.views.subjects import Subject, subject_of

TEMPLATE = "complaints/case_new.html"


@requires("case.handle")
def case_new(request: HttpRequest) -> HttpResponse:
    """The form; posting it takes the case and leads to it."""
    subject = subject_of(request.GET, staff=request.user)
    if subject is None:
        asked = request.GET.get("customer", "")
        return render(request, "complaints/case_new_whose.html", {"asked": asked})
    if request.method != "POST":
        form = NewCaseForm(initial=subject.initial)
        return render(request, TEMPLATE, _context(subject, form))
    form = NewCaseForm(request.POST)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(subject, form))
    try:
        case = open_case(
            customer_id=subject.customer.pk,
            about=subject.about,
            form_key=request.POST.get("request_key", "")[:64],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
            **form.cleaned_data,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(subject, form), refused=refused)
    messages.success(request, _("案件 %(code)s 已受理") % {"code": case.code})
    return redirect("complaints:case", code=case.code)


def _context(subject: Subject, form: NewCaseForm) -> dict[str, Any]:
    customer = subject.customer
    person = customer.kind == "individual"
    return {
        "subject": subject,
        "customer": customer,
        "customer_name": masked_name(customer.name) if person else customer.name,
        "form": form,
        "others": list(open_cases_of(customer.pk)),
        "crumbs": [(_("案件"), reverse("complaints:list")), (_("受理案件"), "")],
    }
