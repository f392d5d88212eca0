"""P2 套餐: its life line, members, pool by day, what is due on the next 1st, what can be done."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import BundleAccount
from billing.queries.pool_days import pool_by_day
from bss.desk.links import Way, address_of, way
from bss.desk.queries.bundle_life import life_of
from bss.desk.queries.bundle_members import member_rows
from bss.desk.queries.bundle_next import coming
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.periods import Month, business_date
from bss.kernel.scope import in_scope
from customers.queries.shown_names import shown_name
from orders.models import Order
from packages_wo.models import Bundle, BundleChange, Pool
from packages_wo.queries.bundles import composition_shown
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.names import offering_names
from packages_wo.rules.pricing import bundle_fee, pack_fee

MONTHS_OF_POOLS = 6


@requires("bundle.view")
def bundle_page(request: HttpRequest, code: str) -> HttpResponse:
    """The whole bundle; ``?month=2026-10`` looks at another month's pool."""
    bundle = get_object_or_404(
        Bundle.objects.filter(in_scope(request.user, customer="customer__")).select_related(
            "customer"
        ),
        code=code,
    )
    this_month = Month.of(business_date(clock.now()))
    catalogue = catalogue_on(this_month.first_day)
    composition = composition_shown(bundle)
    changes = list(bundle.changes.select_related("main").order_by("id"))
    orders = list(Order.objects.filter(bundle=bundle).order_by("id"))
    pools = list(Pool.objects.filter(bundle=bundle).order_by("-month")[:MONTHS_OF_POOLS])
    pool = _pool_asked(pools, request.GET.get("month", ""))
    packs = [catalogue.packs[pack.pack] for pack in composition.packs]
    paying = BundleAccount.objects.filter(bundle=bundle).select_related("account").first()
    context = {
        "bundle": bundle,
        "customer": bundle.customer,
        "customer_name": shown_name(bundle.customer),
        "offering": offering_names(this_month.first_day).get(bundle.offering, bundle.offering),
        "composition": composition,
        "fee_fen": bundle_fee(
            catalogue,
            offering=bundle.offering,
            scheme=composition.scheme,
            tier=composition.tier,
        ),
        "pack_fee_fen": pack_fee(catalogue, composition),
        "packs": [(pack, n, pack.monthly_fen * n) for pack, n in Counter(packs).items()],
        "account": paying.account if paying else None,
        "life": life_of(bundle, changes, orders),
        "members": member_rows(bundle, changes, composition),
        "pool": pool,
        "month_shown": f"{pool.month:%Y-%m}" if pool else "",
        "months": [
            (f"{p.month:%Y-%m}", f"{p.month:%Y-%m}", f"?month={p.month:%Y-%m}") for p in pools
        ],
        "days": _days(bundle, pool),
        "coming": coming(bundle, changes, this_month),
        "orders": orders[::-1],
        "actions": _actions(request.user, bundle, changes),
        "withdrawals": _withdrawals(request.user, orders),
        "crumbs": [
            (_("客户"), reverse("customers:list")),
            (shown_name(bundle.customer), reverse("desk:customer", args=[bundle.customer.code])),
            (bundle.code, ""),
        ],
    }
    return render(request, "desk/bundle.html", context)


def _pool_asked(pools: list[Pool], month: str) -> Pool | None:
    asked = [pool for pool in pools if f"{pool.month:%Y-%m}" == month]
    return next(iter(asked or pools), None)


def _days(bundle: Bundle, pool: Pool | None) -> list[tuple[str, int]]:
    """(day, minutes drawn so far) of every day up to the last with usage; none without usage."""
    if pool is None:
        return []
    drawn = {
        day.day: day.pool_so_far
        for day in pool_by_day(bundle_id=bundle.pk, month=Month.of(pool.month))
    }
    rows: list[tuple[str, int]] = []
    so_far = 0
    for number in range(1, max((day.day for day in drawn), default=0) + 1):
        so_far = drawn.get(pool.month.replace(day=number), so_far)
        rows.append((_("%(n)s日") % {"n": number}, so_far))
    return rows


def _actions(staff: Any, bundle: Bundle, changes: list[BundleChange]) -> list[Way]:
    """Change and cancel, while the bundle is in force."""
    if bundle.state != Bundle.State.IN_FORCE:
        return []
    cancellation = address_of("orders:cancel", bundle=bundle.code)
    change = address_of("orders:change", bundle=bundle.code)
    return [
        *way(staff, "bundle.open", cancellation, _("解除套餐"), icon="stop"),
        *way(staff, "bundle.open", change, _("变更套餐"), icon="edit", main=True),
    ]


def _withdrawals(staff: Any, orders: list[Order]) -> list[tuple[Order, str]]:
    """The orders on the way that may be withdrawn, with where to post that."""
    if not access.can(staff, "order.accept"):
        return []
    open_states = (Order.State.ACCEPTED, Order.State.IN_PROGRESS)
    ways = [
        (order, address_of("orders:withdraw", order.code))
        for order in orders
        if order.state in open_states
    ]
    return [(order, url) for order, url in ways if url]
