"""开通受理: a new bundle, checked by every rule, with what it is to install."""

from datetime import datetime

from billing.queries import debts
from billing.services import accounts
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse_if_any
from customers.models import Document
from customers.queries.locked import lock_subscriptions
from orders.queries.members import members_today
from orders.rules import parsing
from orders.rules.requests import OpenBundleOrder
from orders.rules.shapes import shape_of
from orders.services import new_subscriptions
from orders.services.intake import (
    Taken,
    consents_in,
    ids_of,
    opened_products,
    packs_in,
    services_of,
)
from orders.services.new_subscriptions import resolved
from orders.services.unified_account import choose_account
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules import requests as asked
from packages_wo.services import bundles


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
        packs=packs_in(request.packs, created),
        main=None if request.main is None else resolved(request.main, created),
        separate_3g=request.separate_3g,
        filed_by_manager=request.filed_by_manager,
        documents=shown,
        consents=consents_in(request.consents, created),
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
    services = services_of(found)
    specs = parsing.parse_opening(
        shape_of(composition, services, catalogue_on(business_date(at))),
        members_today(found.values(), new=ids_of(created)),
    )
    bundles.record_opened_vas(change, opened_products(specs))
    return Taken(
        specs=specs,
        services=services,
        bundle_id=bundle.pk,
        new_numbers=tuple(new.number for new in request.new),
        documents=shown,
    )


def _documents_shown(request: OpenBundleOrder) -> tuple[str, ...]:
    """The types shown; when the form names none, those that the customer is registered with."""
    if request.documents is not None:
        return request.documents
    own = Document.objects.filter(customer=request.customer_id)
    return tuple(own.values_list("type", flat=True))
