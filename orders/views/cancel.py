"""解除融合套餐: what becomes of each member, with the plans that they go on with (CAN-4)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.periods import business_date
from bss.kernel.rulebook import RefusedError
from customers.models import Service, Subscription
from orders.rules.requests import CancelBundleOrder
from orders.services import acceptance
from orders.views.graphs import prospective_items
from orders.views.reach import bundle_or_404
from orders.views.source import source_of
from packages_wo.models import Bundle
from packages_wo.queries.bundles import composition_in_force, pending_change, shown_plan
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.queries.names import plan_name, plan_names
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import (
    Composition,
    has_bundle_plan,
    paid_by_unified_account,
)

TEMPLATE = "orders/cancel.html"
PART_WORDS = {"base": "基础成员", "shared_terminal": "共享时长终端", "vpn_terminal": "VPN 终端"}


@dataclass(frozen=True, slots=True)
class Row:
    """One member in the matrix; ``field`` is the choice of its next plan, where one is due."""

    number: str
    service_name: str
    part: str
    now: str
    own_plan: str
    merged: bool
    field: Any


class CancelForm(forms.Form):
    """``plan_ID`` for each member that has the bundle's plan."""

    def __init__(
        self, *args: Any, rows: list[tuple[Subscription, str, list[tuple[str, str]]]],
        may_record_breach: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for member, own_plan, plans in rows:
            self.fields[f"plan_{member.pk}"] = forms.ChoiceField(
                label=_("%(number)s 的新套餐") % {"number": member.number},
                required=False,
                choices=[("", _("请选择")), *plans],
                initial=own_plan,
            )
        self.fields["documents_seen"] = forms.BooleanField(
            label=_("已核对单位证件和各机主证件(或代办人证件)")
        )
        if may_record_breach:
            self.fields["breach_recorded"] = forms.BooleanField(
                label=_("趸交期内解除:违约及违约金已记录(ELG-10)"), required=False
            )

    @property
    def new_plans(self) -> dict[int, str]:
        return {
            int(name.removeprefix("plan_")): plan
            for name, plan in self.cleaned_data.items()
            if name.startswith("plan_") and plan
        }


@requires("bundle.open")
def cancel_bundle(request: HttpRequest) -> HttpResponse:
    """GET shows the matrix; POST shows what will be done, then does it."""
    bundle = bundle_or_404(request.GET.get("bundle", ""), staff=request.user)
    composition = composition_in_force(bundle.pk)
    at = clock.now()
    if composition is None:
        context = _frame(bundle) | {"composition": None}
        return render(request, TEMPLATE, context)
    catalogue = catalogue_on(business_date(at))
    form, rows = _form_and_rows(request, composition, catalogue)
    context = _frame(bundle) | {
        "composition": composition,
        "offering": catalogue.offering(composition.offering),
        "form": form,
        "rows": rows,
        "pending": pending_change(bundle.pk),
    }
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    asked = CancelBundleOrder(
        customer_id=bundle.customer_id,
        bundle_id=bundle.pk,
        new_plans=form.new_plans,
        breach_recorded=form.cleaned_data.get("breach_recorded", False),
    )
    given: dict[str, Any] = {
        "request": asked,
        "at": at,
        "channel_id": source_of(request.user),
        "by_id": request.user.pk,
    }
    try:
        if request.POST.get("action") == "submit":
            key = request.POST.get("request_key", "")[:64]
            order = acceptance.accept(**given, form_key=key)
            messages.success(request, _("订单 %(code)s 已受理") % {"code": order.code})
            return redirect("orders:order", code=order.code)
        preview = acceptance.preview(**given)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    context |= {"preview": preview, "graph": prospective_items(preview.work_orders)}
    if preview.refused:
        return render_refused(request, TEMPLATE, context, refused=RefusedError(preview.refusals))
    return render(request, TEMPLATE, context)


def _form_and_rows(
    request: HttpRequest, composition: Composition, catalogue: Catalogue
) -> tuple[CancelForm, list[Row]]:
    members = {row.pk: row for row in Subscription.objects.filter(pk__in=composition.members)}
    parts = composition.parts(catalogue)
    own, shown = own_plans(members), shown_plan(members)
    named = plan_names(business_date(clock.now()))
    with_plan = [
        pk
        for pk in composition.members
        if has_bundle_plan(part=parts[pk], service=members[pk].service)
    ]
    form = CancelForm(
        request.POST if request.method == "POST" else None,
        rows=[
            (members[pk], own.get(pk, ""), _plans(catalogue, members[pk].service))
            for pk in with_plan
        ],
        may_record_breach=access.can(request.user, "payment.reverse"),
    )
    rows = [
        Row(
            number=members[pk].number,
            service_name=_(Service(members[pk].service).label),
            part=_(PART_WORDS[parts[pk]]),
            now=named(shown.get(pk, "")),
            own_plan=named(own.get(pk, "")),
            merged=paid_by_unified_account(
                part=parts[pk],
                service=members[pk].service,
                separate_3g=composition.separate_3g,
            ),
            field=form[f"plan_{pk}"] if pk in with_plan else None,
        )
        for pk in composition.members
    ]
    return form, rows


def _plans(catalogue: Catalogue, service: str) -> list[tuple[str, str]]:
    return [
        (plan.code, plan_name(plan)) for plan in catalogue.plans.values() if plan.service == service
    ]


def _frame(bundle: Bundle) -> dict[str, Any]:
    return {
        "bundle": bundle,
        "customer": bundle.customer,
        "crumbs": [(_("订单"), reverse("orders:list")), (_("解除融合套餐"), "")],
    }
