"""What each kind of order does when it is taken: check everything, prepare, say what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from billing.queries import debts
from billing.queries.payers import payers_of
from billing.services import accounts
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import Refusal, refuse_if_any
from customers.models import Document, Subscription
from customers.queries.locked import lock_customer, lock_subscription, lock_subscriptions
from orders.queries.members import members_today
from orders.queries.singles import facts_of
from orders.rules import operations, parsing
from orders.rules.parsing import WorkOrderSpec
from orders.rules.requests import (
    CancelBundleOrder,
    ChangeBundleOrder,
    OpenBundleOrder,
    PackChoice,
    SingleOrder,
)
from orders.rules.shapes import shape_of
from orders.services import new_subscriptions
from orders.services.new_subscriptions import resolved
from orders.services.single_input import check_input
from orders.services.unified_account import account_of_bundle, choose_account
from packages_wo.models import Bundle
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.members import own_plans
from packages_wo.rules import requests as asked
from packages_wo.rules.composition import Composition
from packages_wo.services import bundles


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order came to when it was taken."""

    specs: tuple[WorkOrderSpec, ...]
    services: Mapping[int, str]
    bundle_id: int | None = None
    subscription_id: int | None = None
    superseded: tuple[str, ...] = ()
    new_numbers: tuple[str, ...] = ()
    documents: tuple[str, ...] = field(default=())


def take_opening(request: OpenBundleOrder, *, order_ref: str, at: datetime) -> Taken:
    """Source: ELG-1…ELG-11, PAR-1…PAR-9, ACC-1."""
    created = new_subscriptions.create(request.new, customer_id=request.customer_id, at=at)
    shown = _documents_shown(request)
    wanted = asked.OpenBundle(
        customer_id=request.customer_id,
        offering=request.offering,
        scheme=request.scheme,
        tier=request.tier,
        members=tuple(resolved(named, created) for named in request.members),
        packs=_packs(request.packs, created),
        main=None if request.main is None else resolved(request.main, created),
        separate_3g=request.separate_3g,
        filed_by_manager=request.filed_by_manager,
        documents=shown,
    )
    named = {*wanted.members, *(pack.terminal for pack in wanted.packs if pack.terminal)}
    found = lock_subscriptions(named)
    in_arrears = debts.subscriptions_in_arrears(named, at)
    refuse_if_any(bundles.check_opening(request=wanted, at=at, in_arrears=in_arrears))
    bundle = bundles.accept_opening(request=wanted, order_ref=order_ref, at=at)
    account_id = choose_account(request, at=at)
    accounts.link_bundle(bundle_id=bundle.pk, account_id=account_id)
    change = bundle.changes.get(order_ref=order_ref)
    composition = bundles.composition_of(change)
    services = _services(found)
    specs = parsing.parse_opening(
        shape_of(composition, services, catalogue_on(business_date(at))),
        members_today(found.values(), new=_ids(created)),
    )
    bundles.record_opened_vas(change, _opened(specs))
    return Taken(
        specs=specs,
        services=services,
        bundle_id=bundle.pk,
        new_numbers=tuple(new.number for new in request.new),
        documents=shown,
    )


def take_change(request: ChangeBundleOrder, *, order_ref: str, at: datetime) -> Taken:
    """Source: CHG-1…CHG-7, CAN-9, PAR-14."""
    bundle = _bundle_of(request.bundle_id, locked_customer=request.customer_id)
    created = new_subscriptions.create(request.new, customer_id=request.customer_id, at=at)
    wanted = asked.ChangeBundle(
        bundle_id=bundle.pk,
        tier=request.tier,
        add=tuple(resolved(named, created) for named in request.add),
        remove=request.remove,
        packs=None if request.packs is None else _packs(request.packs, created),
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
    services = _services(found)
    assert before is not None
    specs = parsing.parse_change(
        before=shape_of(before, services, catalogue),
        after=shape_of(bundles.composition_of(accepted.change), services, catalogue),
        members=members_today(
            found.values(),
            new=_ids(created),
            bundle_id=bundle.pk,
            next_speeds=_speeds(own_plans(today), at=at),
        ),
    )
    bundles.record_opened_vas(accepted.change, _opened(specs))
    return Taken(
        specs=specs,
        services=services,
        bundle_id=bundle.pk,
        superseded=tuple(accepted.superseded_order_refs),
        new_numbers=tuple(new.number for new in request.new),
    )


def take_cancellation(request: CancelBundleOrder, *, order_ref: str, at: datetime) -> Taken:
    """Source: CAN-1…CAN-9, PAR-14."""
    bundle = _bundle_of(request.bundle_id, locked_customer=request.customer_id)
    wanted = asked.CancelBundle(bundle_id=bundle.pk, new_plans=dict(request.new_plans))
    composition = bundles.composition_in_force(bundle.pk)
    members = set(composition.members) if composition else set()
    found = lock_subscriptions(members)
    refusals = bundles.check_cancellation(request=wanted, at=at)
    if not _not_in_force(refusals):
        refusals = [*refusals, *_unsettled([account_of_bundle(bundle.pk)])]
    refuse_if_any(refusals)
    accepted = bundles.accept_cancellation(request=wanted, order_ref=order_ref, at=at)
    services = _services(found)
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


def take_single(request: SingleOrder, *, at: datetime) -> Taken:
    """Source: ``packages_wo.rules.member_business``, ``orders.rules.operations``."""
    subscription = lock_subscription(request.subscription_id)
    check_input(request, subscription, at=at)
    refuse_if_any(
        [
            *bundles.check_single_user(
                type=request.type,
                subscription_id=subscription.pk,
                at=at,
                plan=request.plan,
                new_owner_id=request.to_customer_id,
            ),
            *operations.money_refusals(request.type, facts_of(request.type, subscription, at=at)),
        ]
    )
    spec = parsing.parse_single(request.type, subscription_id=subscription.pk, product=request.vas)
    return Taken(
        specs=(spec,),
        services={subscription.pk: subscription.service},
        subscription_id=subscription.pk,
        new_numbers=(request.number,) if request.type == "change_number" else (),
    )


def _documents_shown(request: OpenBundleOrder) -> tuple[str, ...]:
    """The types shown; when the form names none, those that the customer is registered with."""
    if request.documents is not None:
        return request.documents
    own = Document.objects.filter(customer=request.customer_id)
    return tuple(own.values_list("type", flat=True))


def _bundle_of(bundle_id: int, *, locked_customer: int) -> Bundle:
    bundle = Bundle.objects.filter(pk=bundle_id).first()
    if bundle is None:
        raise BadInputError(("bundle", f"没有编号为 {bundle_id} 的融合套餐。"))
    if bundle.customer_id != locked_customer:
        lock_customer(bundle.customer_id)
    return bundle


def _packs(
    packs: Iterable[PackChoice], created: Mapping[str, Subscription]
) -> tuple[asked.PackIn, ...]:
    return tuple(
        asked.PackIn(
            pack=chosen.pack,
            terminal=None if chosen.terminal is None else resolved(chosen.terminal, created),
        )
        for chosen in packs
    )


def _ids(created: Mapping[str, Subscription]) -> frozenset[int]:
    return frozenset(subscription.pk for subscription in created.values())


def _services(found: Mapping[int, Subscription]) -> dict[int, str]:
    return {pk: subscription.service for pk, subscription in found.items()}


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


def _opened(specs: Iterable[WorkOrderSpec]) -> list[tuple[int, str]]:
    return [
        (spec.key.subscription_id, spec.key.product)
        for spec in specs
        if spec.key.type == "open_vas"
    ]


def _speeds(plans: Mapping[int, str], *, at: datetime) -> dict[int, int | None]:
    catalogue = catalogue_on(business_date(at))
    return {
        pk: catalogue.plans[plan].speed_kbps
        for pk, plan in plans.items()
        if plan in catalogue.plans
    }
