"""变更与解除受理: what becomes of a bundle in force, and whether its payers are settled."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from billing.queries import debts
from billing.queries.payers import payers_of
from bss.kernel.periods import business_date
from bss.kernel.rulebook import Refusal, refuse_if_any
from customers.queries.locked import lock_subscriptions
from orders.queries.members import members_today
from orders.rules import parsing
from orders.rules.requests import CancelBundleOrder, ChangeBundleOrder
from orders.rules.shapes import shape_of
from orders.services import new_subscriptions
from orders.services.intake import (
    Taken,
    consents_in,
    ids_of,
    locked_bundle,
    opened_products,
    packs_in,
    services_of,
)
from orders.services.new_subscriptions import resolved
from orders.services.unified_account import account_of_bundle
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.rules import requests as asked
from packages_wo.rules.composition import Composition
from packages_wo.services import bundles


def take_change(request: ChangeBundleOrder, *, order_ref: str, at: datetime) -> Taken:
    """Source: CHG-1…CHG-7, CAN-9, PAR-14."""
    bundle = locked_bundle(request.bundle_id, locked_customer=request.customer_id)
    created = new_subscriptions.create(request.new, customer_id=request.customer_id, at=at)
    wanted = asked.ChangeBundle(
        bundle_id=bundle.pk,
        tier=request.tier,
        add=tuple(resolved(named, created) for named in request.add),
        remove=request.remove,
        packs=None if request.packs is None else packs_in(request.packs, created),
        consents=consents_in(request.consents, created),
    )
    before = bundles.composition_in_force(bundle.pk)
    joining = {*wanted.add, *(pack.terminal for pack in wanted.packs or () if pack.terminal)}
    today = set(before.members) if before else set()
    found = lock_subscriptions(joining | today)
    refusals = bundles.check_change(
        request=wanted,
        at=at,
        in_arrears=debts.subscriptions_in_arrears(joining - today, at),
    )
    if before is not None and not _not_in_force(refusals):
        leaving = _leaving(wanted, before)
        refusals = [*refusals, *_unsettled(payers_of(leaving, at).values())]
    refuse_if_any(refusals)
    accepted = bundles.accept_change(request=wanted, order_ref=order_ref, at=at)
    catalogue = catalogue_on(business_date(at))
    services = services_of(found)
    assert before is not None
    specs = parsing.parse_change(
        before=shape_of(before, services, catalogue),
        after=shape_of(bundles.composition_of(accepted.change), services, catalogue),
        members=members_today(
            found.values(),
            new=ids_of(created),
            bundle_id=bundle.pk,
            next_speeds=_speeds(own_plans(today), at=at),
        ),
    )
    bundles.record_opened_vas(accepted.change, opened_products(specs))
    return Taken(
        specs=specs,
        services=services,
        bundle_id=bundle.pk,
        superseded=tuple(accepted.superseded_order_refs),
        new_numbers=tuple(new.number for new in request.new),
    )


def take_cancellation(request: CancelBundleOrder, *, order_ref: str, at: datetime) -> Taken:
    """Source: CAN-1…CAN-9, PAR-14."""
    bundle = locked_bundle(request.bundle_id, locked_customer=request.customer_id)
    wanted = asked.CancelBundle(
        bundle_id=bundle.pk,
        new_plans=dict(request.new_plans),
        breach_recorded=request.breach_recorded,
    )
    composition = bundles.composition_in_force(bundle.pk)
    members = set(composition.members) if composition else set()
    found = lock_subscriptions(members)
    refusals = bundles.check_cancellation(request=wanted, at=at)
    if not _not_in_force(refusals):
        refusals = [*refusals, *_unsettled([account_of_bundle(bundle.pk)])]
    refuse_if_any(refusals)
    accepted = bundles.accept_cancellation(request=wanted, order_ref=order_ref, at=at)
    services = services_of(found)
    assert composition is not None
    specs = parsing.parse_cancellation(
        shape_of(composition, services, catalogue_on(business_date(at))),
        members_today(
            found.values(), bundle_id=bundle.pk, next_speeds=_speeds(request.new_plans, at=at)
        ),
    )
    return Taken(
        specs=specs,
        services=services,
        bundle_id=bundle.pk,
        superseded=tuple(accepted.superseded_order_refs),
    )


def _leaving(wanted: asked.ChangeBundle, before: Composition) -> set[int]:
    """Who leaves by this change: the removed, and terminals whose pack is not on the new list."""
    gone = set(wanted.remove) & set(before.members)
    if wanted.packs is not None:
        gone |= set(before.terminals) - {pack.terminal for pack in wanted.packs}
    return gone


def _not_in_force(refusals: Iterable[Refusal]) -> bool:
    return any(refusal.rule == "EFF-3" for refusal in refusals)


def _unsettled(account_ids: Iterable[int]) -> list[Refusal]:
    if not debts.owing_accounts(set(account_ids)):
        return []
    return [Refusal("CAN-9", "付费帐户有已出帐未缴清的帐单，请先缴清。")]


def _speeds(plans: Mapping[int, str], *, at: datetime) -> dict[int, int | None]:
    catalogue = catalogue_on(business_date(at))
    return {
        pk: catalogue.plans[plan].speed_kbps
        for pk, plan in plans.items()
        if plan in catalogue.plans
    }
