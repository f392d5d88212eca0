"""积分: a customer's points and redeeming them; the rate at which all are earned."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.render import render_refused
from customers.models import Customer, PointsEntry, PointsRate
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.services.points import balance_of, redeem, set_rate

SHOWN_AT_MOST = 50


class RedeemForm(SentenceForm):
    """How many points, and for what."""

    points = forms.IntegerField(label=gettext_lazy("积分"), min_value=1, max_value=10**9)
    reason = forms.CharField(
        label=gettext_lazy("兑换内容"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RateForm(SentenceForm):
    """Another rate, from the bills of a month on."""

    points_per_100_yuan = forms.IntegerField(
        label=gettext_lazy("每百元积分"), min_value=0, max_value=100_000
    )
    months_valid = forms.IntegerField(
        label=gettext_lazy("有效月数"), min_value=1, max_value=120, initial=24
    )
    valid_from = forms.DateField(
        label=gettext_lazy("自此月帐单起"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("所选日期所在的月份。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@requires("customer.view")
def points(request: HttpRequest, code: str) -> HttpResponse:
    """What was earned, redeemed and lost, the newest first."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    return render(request, "customers/points.html", _context(request, customer, RedeemForm()))


@requires("customer.register")
def redeem_points(request: HttpRequest, code: str) -> HttpResponse:
    """Posting redeems; no money moves."""
    customer = get_object_or_404(visible_customers(request.user), code=code)
    if request.method != "POST":
        return redirect("customers:points", code=customer.code)
    form = RedeemForm(request.POST)
    context = _context(request, customer, form)
    if not form.is_valid():
        return render_refused(request, "customers/points.html", context)
    try:
        redeem(
            customer_id=customer.pk,
            **form.cleaned_data,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "customers/points.html", context, refused=refused)
    messages.success(request, _("已兑换。"))
    return redirect("customers:points", code=customer.code)


@requires("customer.classify")
def points_rates(request: HttpRequest) -> HttpResponse:
    """The rates so far, and another."""
    form = RateForm(request.POST or None)
    context = {
        "form": form,
        "rates": PointsRate.objects.select_related("set_by"),
        "crumbs": [(_("客户类别"), reverse("customers:classes")), (_("积分标准"), "")],
    }
    if request.method != "POST":
        return render(request, "customers/points_rates.html", context)
    if not form.is_valid():
        return render_refused(request, "customers/points_rates.html", context)
    try:
        set_rate(
            **form.cleaned_data,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "customers/points_rates.html", context, refused=refused)
    messages.success(request, _("积分标准已保存。"))
    return redirect("customers:points_rates")


def _context(request: HttpRequest, customer: Customer, form: RedeemForm) -> dict[str, Any]:
    entries = PointsEntry.objects.filter(customer=customer).order_by("-number")
    return {
        "customer": customer,
        "name": shown_name(customer),
        "balance": balance_of(customer.pk),
        "entries": entries.select_related("by")[:SHOWN_AT_MOST],
        "form": form,
        "may_redeem": access.can(request.user, "customer.register"),
        "crumbs": [
            (_("客户"), reverse("customers:list")),
            (shown_name(customer), reverse("desk:customer", args=[customer.code])),
            (_("积分"), ""),
        ],
    }
