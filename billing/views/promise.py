"""承诺缴费: until when the debt will be paid, and what became of it (PAY-7)."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Promise
from billing.queries.promises import promises_of
from billing.services import promises
from billing.views import reach
from billing.views.by_hand import account_facts
from billing.views.by_hand_forms import PromiseForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope

TEMPLATE = "billing/promise_new.html"


@requires("promise.make")
def promise_new(request: HttpRequest, code: str) -> HttpResponse:
    """The form, with what was promised before."""
    account = reach.account_or_404(request.user, code)
    at = clock.now()
    bounds = promises.bounds()
    last = business_date(at) + timedelta(days=bounds.days_at_most)
    form = PromiseForm(request.POST or None, initial={"until": last})
    form.fields["until"].widget.attrs |= {
        "min": f"{business_date(at) + timedelta(days=1)}",
        "max": f"{last}",
    }
    context = {
        **account_facts(account, _("承诺缴费")),
        "form": form,
        "standing": promises.standing_of(account, at=at),
        "bounds": bounds,
        "promises": promises_of(account.pk)[:12],
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        made = promises.promise(
            account_id=account.pk,
            until=form.cleaned_data["until"],
            remark=form.cleaned_data["remark"],
            at=at,
            by_id=request.user.pk,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    messages.success(request, _("已登记承诺，%(day)s 以前不因欠费停机。") % {"day": made.until})
    return redirect("billing:account", code=account.code)


@require_POST
@requires("promise.make")
def withdraw_promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    """It holds nothing any more."""
    rows = Promise.objects.filter(in_scope(request.user, customer="account__owner__"))
    made = get_object_or_404(rows.select_related("account"), pk=promise_id)
    try:
        promises.withdraw(
            promise_id=made.pk,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        messages.error(request, str(refused.faults[0][1]))
    else:
        messages.success(request, _("已撤销承诺。"))
    return redirect("billing:account", code=made.account.code)
