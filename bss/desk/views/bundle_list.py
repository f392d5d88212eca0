"""融合套餐: the list of bundles, with filters by state and edition."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.periods import business_date
from bss.kernel.scope import in_scope
from customers.queries.scope import visible_customers
from customers.queries.search import search_customers
from customers.queries.shown_names import shown_name
from packages_wo.models import Bundle, BundleChange, Membership
from packages_wo.queries.names import plan_names
from packages_wo.rules.composition import bundle_plan_code

MATCHES_AT_MOST = 1000
STATES = [
    ("pending", gettext_lazy("待生效")),
    ("in_force", gettext_lazy("生效中")),
    ("ended", gettext_lazy("已终止")),
    ("cancelled", gettext_lazy("已撤销")),
]


class BundleFilterForm(forms.Form):
    """What the list is filtered by; it lives in the URL."""

    is_filter = True

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("套餐编号、客户、号码")}
        ),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部状态")), *STATES],
    )


def _columns(named: Callable[[str], str]) -> tuple[Column, ...]:
    return (
        Column(
            name="code", label=gettext_lazy("套餐编号"), order_by=("code",), value=lambda b: b.code
        ),
        Column(
            name="customer",
            label=gettext_lazy("客户"),
            order_by=("customer__name",),
            value=lambda b: shown_name(b.customer),
        ),
        Column(
            name="offering",
            label=gettext_lazy("产品"),
            order_by=("offering", "tier"),
            value=lambda b: named(_plan_code(b)),
        ),
        Column(
            name="plan", label=gettext_lazy("产品编码"), value=lambda b: _plan_code(b), hidden=True
        ),
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("state",),
            value=lambda b: _(b.get_state_display()),
        ),
        Column(
            name="members",
            label=gettext_lazy("成员"),
            order_by=("living",),
            value=lambda b: b.living,
            num=True,
        ),
        Column(
            name="effective",
            label=gettext_lazy("生效日"),
            order_by=("effective_on",),
            value=lambda b: b.effective_on,
        ),
        Column(
            name="ends",
            label=gettext_lazy("终止日"),
            order_by=("ends_on",),
            value=lambda b: b.ends_on,
        ),
        Column(
            name="accepted",
            label=gettext_lazy("受理时间"),
            order_by=("accepted_at",),
            value=lambda b: b.accepted_at,
        ),
    )


def _plan_code(bundle: Any) -> str:
    return bundle_plan_code(offering=bundle.offering, scheme=bundle.scheme, tier=bundle.tier)


@requires("bundle.view")
def bundle_list(request: HttpRequest) -> HttpResponse:
    """The list, or the part of it that htmx asks for."""
    form = BundleFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    named = plan_names(business_date(clock.now()))
    page = ListPage(
        request, _rows(request.user, asked), columns=_columns(named), sort="-accepted", form=form
    )
    if export := page.exported(gettext_lazy("融合套餐")):
        return export
    context = {
        "list": page,
        "rows": [(b, shown_name(b.customer), named(b.offering)) for b in page.rows],
    }
    return render_part(request, "desk/bundle_list.html", "list", context)


def _rows(staff: Any, asked: dict[str, str]) -> QuerySet[Bundle]:
    latest = (
        BundleChange.objects.filter(bundle=OuterRef("pk"), tier__isnull=False)
        .filter(Q(kind="open") | Q(state="applied"))
        .order_by("-id")
    )
    bundles = (
        Bundle.objects.filter(in_scope(staff, customer="customer__"))
        .select_related("customer")
        .annotate(
            scheme=Subquery(latest.values("scheme")[:1]),
            tier=Subquery(latest.values("tier")[:1], output_field=IntegerField()),
            living=Count(
                "memberships",
                filter=Q(
                    memberships__state__in=[Membership.State.PENDING, Membership.State.IN_FORCE]
                ),
            ),
        )
    )
    if asked.get("state"):
        bundles = bundles.filter(state=asked["state"])
    if text := (asked.get("q") or "").strip():
        hits = search_customers(text, visible_customers(staff), limit=MATCHES_AT_MOST)
        owners = [hit.customer.pk for hit in hits]
        bundles = bundles.filter(Q(code__icontains=text) | Q(customer__in=owners))
    return bundles
