"""O1 单用户业务: the nine businesses of one subscription as one form: who, what, price, confirm."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from customers.models import Customer, Subscription
from orders.models import Order
from orders.rules.fees import single_fee_fen
from orders.rules.requests import SINGLE_USER_TYPES, SingleOrder
from orders.services import acceptance
from orders.views.graphs import prospective_items
from orders.views.names import customer_name
from orders.views.reach import customers_for, subscription_or_404
from orders.views.single_forms import SingleForm
from orders.views.source import source_of
from packages_wo.models import Membership
from packages_wo.queries.bundles import shown_plan
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import LIVING, own_plans
from packages_wo.queries.names import plan_names

TEMPLATE = "orders/single.html"


@requires("order.accept")
def single(request: HttpRequest, type_: str) -> HttpResponse:
    """GET shows the form; POST shows what will be done, then does it."""
    if type_ not in SINGLE_USER_TYPES:
        raise Http404
    key = request.GET.get("subscription", "")
    subscription = subscription_or_404(int(key) if key.isdigit() else 0, staff=request.user)
    at = clock.now()
    posted = request.POST if request.method == "POST" else None
    form = SingleForm(posted, type_=type_, subscription=subscription, at=at)
    context = _context(request, type_, subscription, form)
    if posted is None or posted.get("action") == "find":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    try:
        given: dict[str, Any] = {
            "request": _asked(request, type_, subscription, form),
            "at": at,
            "channel_id": source_of(request.user),
            "by_id": request.user.pk,
        }
        if posted.get("action") == "submit":
            form_key = posted.get("request_key", "")[:64]
            order = acceptance.accept(**given, form_key=form_key)
            messages.success(request, _("订单 %(code)s 已受理") % {"code": order.code})
            return redirect("orders:order", code=order.code)
        preview = acceptance.preview(**given)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    if preview.refused:
        return render_refused(request, TEMPLATE, context, refused=RefusedError(preview.refusals))
    context |= {"preview": preview, "graph": prospective_items(preview.work_orders)}
    return render(request, TEMPLATE, context)


def _asked(
    request: HttpRequest, type_: str, subscription: Subscription, form: SingleForm
) -> SingleOrder:
    given = form.cleaned_data
    to: Customer | None = None
    if code := given.get("to", "").strip().upper():
        to = customers_for(request.user).filter(code=code).first()
        if to is None:
            raise BadInputError(("to", "没有这个编号的客户，请先登记新机主。"))
    return SingleOrder(
        type=type_,
        customer_id=subscription.owner_id,
        subscription_id=subscription.pk,
        plan=given.get("plan", ""),
        number=given.get("number", ""),
        to_customer_id=to.pk if to else None,
        vas=given.get("vas", ""),
    )


def _context(
    request: HttpRequest, type_: str, subscription: Subscription, form: SingleForm
) -> dict[str, Any]:
    title = _(Order.Type(type_).label)
    today = business_date(clock.now())
    catalogue, named = catalogue_on(today), plan_names(today)
    membership = (
        Membership.objects.filter(subscription=subscription, state__in=LIVING)
        .select_related("bundle")
        .first()
    )
    return {
        "title": title,
        "type": type_,
        "subscription": subscription,
        "owner_name": customer_name(subscription.owner),
        "customer": subscription.owner,
        "shown_plan": named(shown_plan([subscription.pk]).get(subscription.pk, "")),
        "own_plan": named(own_plans([subscription.pk]).get(subscription.pk, "")),
        "membership": membership,
        "fee_fen": single_fee_fen(type_, catalogue.fees),
        "hold_fee_fen": catalogue.fees.hold_monthly_fen.get(subscription.service)
        if type_ == "hold"
        else None,
        "form": form,
        "types": [
            (one, _(Order.Type(one).label), f"{reverse('orders:single', args=[one])}"
             f"?subscription={subscription.pk}", None)
            for one in SINGLE_USER_TYPES
        ],
        "crumbs": [(_("订单"), reverse("orders:list")), (_("单用户业务"), ""), (title, "")],
    }  # fmt: skip
