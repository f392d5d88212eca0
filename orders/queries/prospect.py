"""What an accepted order will do, told before it is submitted (show before doing)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bss.kernel.periods import business_date
from bss.kernel.rulebook import Refusal
from customers.models import Subscription
from customers.rules.services import M3G
from orders.models import Order, WorkOrder
from orders.rules.fees import single_fee_fen
from packages_wo.models import Bundle, BundleChange
from packages_wo.queries.bundles import composition_in_force, composition_of
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition, paid_by_unified_account
from packages_wo.rules.effective_dates import effective_on
from packages_wo.rules.pricing import bundle_fee, pack_fee

OPENING_OR_CHANGE = frozenset({Order.Type.OPEN_BUNDLE, Order.Type.CHANGE_BUNDLE})
FROM_THE_FIRST = OPENING_OR_CHANGE | {Order.Type.CANCEL_BUNDLE, Order.Type.CHANGE_PLAN}


@dataclass(frozen=True, slots=True)
class ProspectiveWorkOrder:
    """One work order to be; ``after`` are the places of those it waits for."""

    place: int
    type: str
    label: str
    number: str
    service: str
    product: str
    rule: str
    manual: bool
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """One amount of the order, or of the first bill; ``item`` is a charge item."""

    number: str
    item: str
    label: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Price:
    """The bundle's price beside the other scheme's; ``falls_to_a`` is CHG-7."""

    offering: str
    scheme: str
    tier: int
    fee_fen: int
    fee_a_fen: int
    fee_b_fen: int
    falls_to_a: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything about an order before it is one; with a refusal there is nothing else."""

    refusals: tuple[Refusal, ...] = ()
    work_orders: tuple[ProspectiveWorkOrder, ...] = ()
    fees: tuple[Fee, ...] = ()
    effective_on: date | None = None
    first_bill: tuple[Fee, ...] = ()
    price: Price | None = None

    @property
    def refused(self) -> bool:
        return bool(self.refusals)

    @property
    def fees_fen(self) -> int:
        return sum(fee.amount_fen for fee in self.fees)

    @property
    def first_bill_fen(self) -> int:
        return sum(fee.amount_fen for fee in self.first_bill)


def prospect_of(order: Order, *, at: datetime) -> Preview:
    """What the order will do if its last work order is done on ``at``'s day.

    The first bill is what the unified account pays in the month of effect, without usage.
    """
    catalogue = catalogue_on(business_date(at))
    change = BundleChange.objects.select_related("bundle").filter(order_ref=order.code).first()
    composition = composition_of(change) if change and order.type in OPENING_OR_CHANGE else None
    return Preview(
        work_orders=_work_orders(order),
        fees=tuple(_one_off(order, catalogue)),
        effective_on=effective_on(at) if order.type in FROM_THE_FIRST else None,
        first_bill=tuple(_first_bill(composition, catalogue)) if composition else (),
        price=_price(composition, change.bundle, catalogue) if composition and change else None,
    )


def _work_orders(order: Order) -> tuple[ProspectiveWorkOrder, ...]:
    rows = list(order.work_orders.select_related("subscription").prefetch_related("after"))
    places = {row.pk: row.position for row in rows}
    return tuple(
        ProspectiveWorkOrder(
            place=row.position,
            type=row.type,
            label=row.get_type_display(),
            number=row.subscription.number,
            service=row.subscription.service,
            product=row.product,
            rule=row.rule,
            manual=row.manual,
            after=tuple(sorted(places[before.pk] for before in row.after.all())),
        )
        for row in rows
    )


def _one_off(order: Order, catalogue: Catalogue) -> Iterator[Fee]:
    """Installations of a bundle order, or the fee of the single-user business."""
    for row in order.work_orders.select_related("subscription"):
        amount_fen = single_fee_fen(row.type, catalogue.fees)
        if row.type == WorkOrder.Type.INSTALL:
            amount_fen = catalogue.fees.install_fen.get(row.subscription.service, 0)
        if amount_fen:
            label = row.get_type_display()
            yield Fee(row.subscription.number, "ONE_OFF_FEE", label, amount_fen)


def _first_bill(composition: Composition, catalogue: Catalogue) -> Iterator[Fee]:
    """Bundle and pack fees on the main number, and the plans of 3G members that it pays."""
    numbers, services = _who(composition)
    main = numbers.get(composition.main or 0, "")
    fee_fen = bundle_fee(
        catalogue,
        offering=composition.offering,
        scheme=composition.scheme,
        tier=composition.tier,
    )
    yield Fee(main, "BUNDLE_FEE", "套餐月费", fee_fen)
    if packs_fen := pack_fee(catalogue, composition):
        yield Fee(main, "PACK_FEE", "加装包月费", packs_fen)
    plans = own_plans(composition.base)
    for member in composition.base:
        merged = paid_by_unified_account(
            part="base", service=services[member], separate_3g=composition.separate_3g
        )
        if services[member] == M3G and merged:
            monthly_fen = catalogue.plans[plans[member]].monthly_fen
            yield Fee(numbers[member], "PLAN_FEE", "3G 套餐月费", monthly_fen)


def _price(composition: Composition, bundle: Bundle, catalogue: Catalogue) -> Price:
    before = composition_in_force(bundle.pk)
    offering, tier = composition.offering, composition.tier
    fee_fen = {
        scheme: bundle_fee(catalogue, offering=offering, scheme=scheme, tier=tier)
        for scheme in ("A", "B")
    }
    return Price(
        offering=offering,
        scheme=composition.scheme,
        tier=tier,
        fee_fen=fee_fen[composition.scheme],
        fee_a_fen=fee_fen["A"],
        fee_b_fen=fee_fen["B"],
        falls_to_a=before is not None and before.scheme == "B" and composition.scheme == "A",
    )


def _who(composition: Composition) -> tuple[dict[int, str], dict[int, str]]:
    rows = Subscription.objects.filter(pk__in=composition.members).only("number", "service")
    return {row.pk: row.number for row in rows}, {row.pk: row.service for row in rows}
