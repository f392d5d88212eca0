"""The papers that the customer signs: 受理单 and 协议, as PDF with the viewer's watermark."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.masking import masked_document, masked_name, masked_number
from bss.kernel.pages.paper import hand_out
from bss.kernel.periods import business_date
from customers.models import Customer, Document, Subscription
from orders.models import Order, WorkOrder
from orders.queries.prospect import prospect_of
from orders.views.reach import order_or_404
from packages_wo.models import BundleChange
from packages_wo.queries.bundles import composition_of
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.queries.names import plan_names

MANUAL_WORDS = {True: "人工施工", False: "平台自动"}
PART_WORDS = {"base": "基础成员", "shared_terminal": "共享时长终端", "vpn_terminal": "VPN 终端"}
BUNDLE_PAPERS = (Order.Type.OPEN_BUNDLE, Order.Type.CHANGE_BUNDLE)


@requires("order.view")
def acceptance_form(request: HttpRequest, code: str) -> HttpResponse:
    """受理单: one form for the bundle, its members and add-ons, signed once. Source: PAR-15."""
    order = order_or_404(code, staff=request.user)
    return _pdf(request, order, "papers/acceptance_form.html", _("受理单"))


@requires("order.view")
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """协议 of an opening or a change."""
    order = order_or_404(code, staff=request.user)
    if order.type not in BUNDLE_PAPERS:
        raise Http404
    return _pdf(request, order, "papers/agreement.html", _("协议"))


def _pdf(request: HttpRequest, order: Order, template: str, name: str) -> HttpResponse:
    return hand_out(
        request,
        template,
        paper_context(order),
        file_name=f"{name}-{order.code}.pdf",
        customer_ids=[order.customer_id],
        at=clock.now(),
        detail={"paper": template, "order": order.code},
        in_place=True,
        language="zh-hans",
    )


def paper_context(order: Order) -> dict[str, Any]:
    """Everything that the papers print, as it was at acceptance."""
    catalogue = catalogue_on(business_date(order.accepted_at))
    prospect = prospect_of(order, at=order.accepted_at)
    change = BundleChange.objects.select_related("bundle").filter(order_ref=order.code).first()
    context: dict[str, Any] = {
        "order": order,
        "customer": order.customer,
        "contact": _contact(order.customer),
        "documents": [
            (document.get_type_display(), masked_document(document.number))
            for document in order.customer.documents.all()
        ],
        "shown": [dict(Document.Type.choices).get(one, one) for one in order.documents_shown],
        "prospect": prospect,
        "rows": _rows(order),
        "change": change,
        "printed_on": business_date(order.accepted_at),
    }
    if change is not None and change.kind != BundleChange.Kind.CANCEL:
        composition = composition_of(change)
        offering = catalogue.offering(composition.offering)
        context |= {
            "composition": composition,
            "offering": offering,
            "tier": offering.tiers[composition.tier],
            "members": _members(order, change, catalogue.packs),
            "packs": [catalogue.packs[pack.pack] for pack in composition.packs],
            "overflow_hao": catalogue.overflow_per_minute_hao,
            "vpn_3g_minutes": catalogue.vpn_3g_minutes,
        }
    elif change is not None:
        context["new_plans"] = _new_plans(change, _plan_names(order))
    return context


def _contact(customer: Customer) -> str:
    """Enough for the customer to see that it is right, too little for who finds the paper."""
    contact = customer.contacts.first()
    return f"{masked_name(contact.name)} {masked_number(contact.phone)}" if contact else "—"


def _plan_names(order: Order) -> Callable[[str], str]:
    """In Chinese, as the papers are, whatever language the reader's pages are in."""
    with translation.override("zh-hans"):
        return plan_names(business_date(order.accepted_at))


def _new_plans(change: BundleChange, named: Callable[[str], str]) -> list[tuple[str, str]]:
    """(number, plan) of those who go on with a plan chosen in the order. Source: CAN-4."""
    plans = {int(key): plan for key, plan in change.new_plans.items()}
    found = Subscription.objects.filter(pk__in=plans).order_by("pk")
    return [(row.number, named(plans[row.pk])) for row in found]


def _rows(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "place": row.position,
            "label": row.get_type_display(),
            "number": row.subscription.number,
            "product": row.product,
            "rule": row.rule,
            "how": MANUAL_WORDS[row.manual],
        }
        for row in order.work_orders.select_related("subscription")
    ]


def _members(order: Order, change: BundleChange, packs: Any) -> list[dict[str, Any]]:
    composition = composition_of(change)
    found = {
        row.pk: row
        for row in Subscription.objects.filter(pk__in=composition.members).select_related("owner")
    }
    terminal_of = {pack.terminal: packs[pack.pack] for pack in composition.packs if pack.terminal}
    plans, named = own_plans(found), _plan_names(order)
    new = set(
        order.work_orders.filter(type=WorkOrder.Type.INSTALL).values_list(
            "subscription_id", flat=True
        )
    )
    return [
        {
            "number": found[pk].number,
            "service": found[pk].get_service_display(),
            "part": terminal_of[pk].name if pk in terminal_of else PART_WORDS["base"],
            "owner": found[pk].owner.name,
            "plan": named(plans.get(pk, "")),
            "new": pk in new,
            "main": pk == composition.main,
        }
        for pk in composition.members
    ]
