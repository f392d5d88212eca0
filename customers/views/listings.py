"""红黑名单: who is on a list or was, why and until when; put on and taken off here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.forms import SentenceForm
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.scope import in_scope
from customers.models import Listing
from customers.queries.scope import visible_customers
from customers.queries.shown_names import shown_name
from customers.services import lists

UNKNOWN = "没有编号为 %(code)s 的客户，或不在您的范围内；请核对客户编号。"


class ListingFilterForm(forms.Form):
    """What the listings are filtered by."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("客户编号、名称、原因")}
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("名单"),
        required=False,
        choices=[
            ("", gettext_lazy("红名单与黑名单")),
            ("red", gettext_lazy("红名单")),
            ("black", gettext_lazy("黑名单")),
        ],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[
            ("", gettext_lazy("在名单中")),
            ("ended", gettext_lazy("已移出")),
            ("all", gettext_lazy("全部")),
        ],
    )


class PutOnForm(SentenceForm):
    """Whom to put on which list, why and until when."""

    customer = forms.CharField(label=gettext_lazy("客户编号"), max_length=20)
    listed = forms.ChoiceField(
        label=gettext_lazy("名单"),
        choices=[
            ("red", gettext_lazy("红名单：不因欠费停机")),
            ("black", gettext_lazy("黑名单：停机，不受理新业务")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至"),
        required=False,
        help_text=gettext_lazy("含当天；不填为长期。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class TakeOffForm(SentenceForm):
    """Why somebody is taken off."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


def _when(moment: Any) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


COLUMNS = (
    Column(
        name="code",
        label=gettext_lazy("客户编号"),
        order_by=("customer__code",),
        value=lambda one: one.customer.code,
    ),
    Column(
        name="name",
        label=gettext_lazy("客户"),
        order_by=("customer__name",),
        value=lambda one: shown_name(one.customer),
    ),
    Column(
        name="kind",
        label=gettext_lazy("名单"),
        order_by=("kind",),
        value=lambda one: _(one.get_kind_display()),
    ),
    Column(name="reason", label=gettext_lazy("原因"), value=lambda one: one.reason),
    Column(
        name="since",
        label=gettext_lazy("列入"),
        order_by=("valid_from", "id"),
        value=lambda one: _when(one.valid_from),
    ),
    Column(
        name="expires",
        label=gettext_lazy("有效期至"),
        order_by=("expires_on",),
        value=lambda one: one.expires_on,
    ),
    Column(
        name="until",
        label=gettext_lazy("移出"),
        order_by=("valid_until",),
        value=lambda one: _when(one.valid_until),
    ),
)


@requires("customer.list")
def listing_list(request: HttpRequest) -> HttpResponse:
    """Who is on a list now, the latest first; who was, is one filter away."""
    form = ListingFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(_reached(request), asked)
    page = ListPage(
        request,
        rows.select_related("customer", "listed_by", "ended_by"),
        columns=COLUMNS,
        sort="-since",
        form=form,
    )
    if export := page.exported(gettext_lazy("红黑名单")):
        return export
    context = {"list": page, "rows": [(one, shown_name(one.customer)) for one in page.rows]}
    return render_part(request, "customers/listing_list.html", "list", context)


@requires("customer.list")
def put_on_list(request: HttpRequest) -> HttpResponse:
    """One customer onto a list; ``?customer=`` fills in whom."""
    form = PutOnForm(request.POST or None, initial={"customer": request.GET.get("customer", "")})
    context = {"form": form, "crumbs": _crumbs(_("列入名单"))}
    template = "customers/listing_new.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render_refused(request, template, context)
    asked = form.cleaned_data
    code = asked["customer"].strip().upper()
    customer = visible_customers(request.user).filter(code=code).first()
    if customer is None:
        form.add_error("customer", _(UNKNOWN) % {"code": code})
        return render_refused(request, template, context)
    try:
        lists.put_on(
            customer_id=customer.pk,
            listed=asked["listed"],
            reason=asked["reason"],
            expires_on=asked["expires_on"],
            at=clock.now(),
            by_id=request.user.pk,
        )
    except BadInputError as refused:
        return render_refused(request, template, context, refused=refused)
    messages.success(request, _("已列入名单。"))
    return redirect("customers:lists")


@requires("customer.list")
def take_off_list(request: HttpRequest, listing_id: int) -> HttpResponse:
    """Off the list, with a reason; off the black one its stops end at once (CAN-6)."""
    listing = get_object_or_404(
        _reached(request).filter(valid_until__isnull=True).select_related("customer"),
        pk=listing_id,
    )
    form = TakeOffForm(request.POST or None)
    context = {
        "form": form,
        "listing": listing,
        "name": shown_name(listing.customer),
        "crumbs": _crumbs(_("移出名单")),
    }
    template = "customers/listing_end.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render_refused(request, template, context)
    try:
        lists.take_off(
            customer_id=listing.customer_id,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
            by_id=request.user.pk,
        )
    except BadInputError as refused:
        return render_refused(request, template, context, refused=refused)
    messages.success(request, _("已移出名单。"))
    return redirect("customers:lists")


def _reached(request: HttpRequest) -> QuerySet[Listing]:
    return Listing.objects.filter(in_scope(request.user, customer="customer__"))


def _filtered(rows: QuerySet[Listing], asked: dict[str, Any]) -> QuerySet[Listing]:
    state = asked.get("state") or ""
    if state != "all":
        rows = rows.filter(valid_until__isnull=state != "ended")
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if text := (asked.get("q") or "").strip():
        rows = rows.filter(
            Q(customer__code__iexact=text)
            | Q(customer__name__icontains=text)
            | Q(reason__icontains=text)
        )
    return rows


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("红黑名单"), reverse("customers:lists")), (here, "")]
