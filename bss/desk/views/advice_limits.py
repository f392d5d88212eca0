"""顾问阈值: from where on a customer pays too much, or a sign of leaving counts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.advice import limits
from billing.services.advising import set_limits
from bss.desk.views.advice_forms import LimitsForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused

TEMPLATE = "desk/advice_limits.html"


@requires("advice.set")
def advice_limits(request: HttpRequest) -> HttpResponse:
    """All of them on one form; they hold from the next reckoning on."""
    form = LimitsForm(request.POST or None, initial=limits())
    context = {
        "form": form,
        "crumbs": [(_("套餐顾问"), reverse("desk:advice")), (_("阈值"), "")],
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        set_limits(values=form.cleaned_data, by_id=request.user.pk, at=clock.now())  # type: ignore[arg-type]
    except BadInputError as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("阈值已更改：付费偏高的名单立即按它，离网征兆下次计算时按它。"))
    return redirect("desk:advice")
