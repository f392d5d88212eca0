"""What an order sells: the items that commission counts, with what each brings in a month."""

from collections.abc import Iterator
from dataclasses import dataclass

from bss.kernel.periods import business_date
from orders.models import Order, WorkOrder
from packages_wo.models import BundleChange
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.pricing import bundle_fee


@dataclass(frozen=True, slots=True)
class SoldItem:
    """One item; its name is unique in the order."""

    name: str
    monthly_fen: int = 0


def items_sold(order: Order) -> list[SoldItem]:
    """The bundle with its packs and new subscriptions; or the one business of a subscription."""
    catalogue = catalogue_on(business_date(order.accepted_at))
    match order.type:
        case Order.Type.OPEN_BUNDLE | Order.Type.CHANGE_BUNDLE:
            return list(_bundle_items(order, catalogue))
        case Order.Type.CHANGE_PLAN:
            plan = order.request["plan"]
            return [SoldItem(plan, catalogue.plans[plan].monthly_fen)]
        case Order.Type.OPEN_VAS | Order.Type.CLOSE_VAS:
            return [SoldItem(order.request["vas"])]
        case _:
            return [SoldItem(order.type)]


def _bundle_items(order: Order, catalogue: Catalogue) -> Iterator[SoldItem]:
    change = BundleChange.objects.select_related("bundle").get(order_ref=order.code)
    offering, scheme, tier = change.bundle.offering, change.scheme, change.tier
    assert tier is not None
    fee_fen = bundle_fee(catalogue, offering=offering, scheme=scheme, tier=tier)
    yield SoldItem(f"{offering}-{scheme}-{tier}", fee_fen)
    counts: dict[str, int] = {}
    for chosen in change.packs:
        counts[chosen["pack"]] = counts.get(chosen["pack"], 0) + 1
    for code, count in counts.items():
        yield SoldItem(code, catalogue.packs[code].monthly_fen * count)
    installs = order.work_orders.filter(type=WorkOrder.Type.INSTALL)
    installed = dict(installs.values_list("subscription_id", "subscription__number"))
    plans = own_plans(installed) if installed else {}
    for subscription_id, number in installed.items():
        plan = plans[subscription_id]
        yield SoldItem(f"{plan} {number}", catalogue.plans[plan].monthly_fen)
