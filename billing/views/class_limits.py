"""类别信用额度: what each class of customers may stand for; data, changed here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import ClassLimit
from billing.services import credit_limits
from billing.views import credit_rooms
from billing.views.credit_forms import ClassLimitForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.units import yuan


@requires("credit.limit")
def class_limits(request: HttpRequest) -> HttpResponse:
    """Every class that has a limit, and everybody else."""
    rows = ClassLimit.objects.select_related("customer_class").order_by("customer_class__number")
    context = {
        "rows": rows,
        "crumbs": credit_rooms.crumbs(
            (_("信用额度"), reverse("billing:exposures")), (_("类别额度"), "")
        ),
    }
    return render(request, "billing/class_limits.html", context)


@requires("credit.limit")
def class_limit(request: HttpRequest, limit_id: int) -> HttpResponse:
    """One of them, changed."""
    row = get_object_or_404(ClassLimit.objects.select_related("customer_class"), pk=limit_id)
    name = row.customer_class.name if row.customer_class else _("其他客户")
    form = ClassLimitForm(request.POST or None, initial={"limit": yuan(row.limit_fen)})
    context = {
        "form": form,
        "name": name,
        "crumbs": credit_rooms.crumbs((_("类别额度"), reverse("billing:class_limits")), (name, "")),
    }
    if request.method != "POST":
        return render(request, "billing/class_limit.html", context)
    if not form.is_valid():
        return render_refused(request, "billing/class_limit.html", context)
    try:
        credit_limits.set_class_limit(
            class_limit_id=row.pk,
            limit_fen=form.cleaned_data["limit"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "billing/class_limit.html", context, refused=refused)
    messages.success(request, _("已更改“%(name)s”的额度，下次检查时生效。") % {"name": name})
    return redirect("billing:class_limits")
